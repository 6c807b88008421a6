/** What is planned for a task that has ended: what is kept, and for how long. */
import { completed, ready, runningStatus, time } from "../builders/observed.ts";
import type { Sight } from "../builders/observed.ts";
import type { Scenario } from "./plan-scenarios.ts";

const finished = (logStored: { logStored?: true } = {}): Sight["task"] & object => ({
  status: {
    ...runningStatus,
    state: "Succeeded",
    completionTime: time(60),
    conditions: [{ type: "Complete", status: "True", reason: "Trained", lastTransitionTime: time(60) }],
    ...logStored,
  },
});

export const endScenarios: Readonly<Record<string, Scenario>> = {
  "a finished task loses a live Job": {
    sight: { task: finished(), job: ready },
    now: 100,
    expected: { deletes: ["Job iris-0a1b2c3d-1"] },
  },
  "a finished task keeps its finished Job for a day while its log is not stored": {
    sight: { task: finished(), job: completed },
    now: 100,
    expected: { lookAgainIn: 60 + 86_400 },
  },
  "and for an hour once it is": {
    sight: {
      task: finished({ logStored: true }),
      job: completed,
    },
    now: 60 + 3600,
    expected: { deletes: ["Job iris-0a1b2c3d-1"] },
  },
};
