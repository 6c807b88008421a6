import { expect, test } from "vitest";
import { aTrainTask } from "../test/builders/objects.ts";
import type { Overrides } from "../test/builders/objects.ts";
import type { TrainTask } from "../traintask/task.ts";
import { projectTask } from "./project.ts";
import { podResources } from "./resources.ts";

const container = (resources?: object) => ({
  spec: { trainer: { randomForest: undefined, container: { image: "x", ...(resources && { resources }) } } },
});

const cases: Record<string, { task: Overrides<TrainTask>; expected: object }> = {
  "a built-in trainer that says nothing has small defaults": {
    task: {},
    expected: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  },
  "what the task says wins": {
    task: { spec: { resources: { requests: { cpu: "2" }, limits: { memory: "8Gi" } } } },
    expected: { requests: { cpu: "2", memory: "256Mi" }, limits: { memory: "8Gi" } },
  },
  "a request above the default limit lifts the limit": {
    task: { spec: { resources: { requests: { memory: "4Gi" } } } },
    expected: { requests: { cpu: "500m", memory: "4Gi" }, limits: { memory: "4Gi" } },
  },
  "a limit below the default request lowers the request": {
    task: { spec: { resources: { limits: { memory: "100Mi", cpu: "100m" } } } },
    expected: { requests: { cpu: "100m", memory: "100Mi" }, limits: { memory: "100Mi", cpu: "100m" } },
  },
  "a retry after an out-of-memory kill has the memory that the status names": {
    task: { status: { memory: "1536Mi" } },
    expected: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "1536Mi" } },
  },
  "a container that says nothing gets nothing": { task: container(), expected: {} },
  "a container gets what it says": {
    task: container({ limits: { "nvidia.com/gpu": "1" } }),
    expected: { limits: { "nvidia.com/gpu": "1" } },
  },
};

for (const [name, { task, expected }] of Object.entries(cases)) {
  test(name, () => {
    expect(podResources(projectTask(aTrainTask(task)))).toEqual(expected);
  });
}
