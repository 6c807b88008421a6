/** What is planned for a container that announces a model. */
import { at, completed, runningStatus } from "../builders/observed.ts";
import { model } from "./plan-scenarios.ts";
import type { Scenario } from "./plan-scenarios.ts";

const announcing = {
  trainer: { randomForest: undefined, container: { image: "x", model: { mediaType: "application/zip" } } },
  dataset: undefined,
};

export const containerScenarios: Readonly<Record<string, Scenario>> = {
  "a container that announced a model waits for it, like a built-in trainer": {
    sight: { task: { spec: announcing, status: runningStatus }, job: completed, rest: { phaseSince: at(60) } },
    now: 62,
    expected: { state: "Finishing", admitted: "True Admitted", running: "False WaitingForModel" },
  },
  "and is complete once it is sealed": {
    sight: { task: { spec: announcing, status: { ...runningStatus, model } }, job: completed },
    now: 60,
    expected: { state: "Succeeded", admitted: "True Admitted", running: "False Finished" },
  },
  "a container that ended well without its model has failed": {
    sight: { task: { spec: announcing, status: { ...runningStatus, modelMissingInAttempt: 1 } }, job: completed },
    now: 60,
    expected: {
      state: "Failed",
      admitted: "True Admitted",
      running: "False Finished",
      failure: "ModelMissing",
      events: ["ModelMissing"],
    },
  },
  "what an earlier attempt lacked says nothing of this one": {
    sight: {
      task: { spec: announcing, status: { ...runningStatus, modelMissingInAttempt: 7 } },
      job: completed,
      rest: { phaseSince: at(60) },
    },
    now: 62,
    expected: { state: "Finishing", admitted: "True Admitted", running: "False WaitingForModel" },
  },
};
