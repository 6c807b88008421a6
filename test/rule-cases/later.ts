/** What is not supported yet. */
import { forest, task, dataset, type Case } from "./step.ts";

export const laterCases: Record<string, Case> = {
  "spec.trainer.gradientBoosting is not supported yet": {
    bad: [task({ ...forest, trainer: { gradientBoosting: { nEstimators: 5 } } })],
    good: [task(forest)],
  },
  "spec.trainer.search is not supported yet": {
    bad: [task({ ...forest, trainer: { search: {} } })],
    good: [task(forest)],
  },
  "spec.shards is not supported yet": { bad: [task({ ...forest, shards: 2 })], good: [task({ ...forest, shards: 1 })] },
  "spec.dataset.uri is not supported yet": {
    bad: [dataset({ uri: "https://example.org/iris.csv" })],
    good: [dataset({ uri: `traintask://datasets/sha256:${"a".repeat(64)}` })],
  },
  "spec.dataset.weight is not supported yet": { bad: [dataset({ weight: "a" })], good: [task(forest)] },
  "spec.dataset.format is not supported yet": { bad: [dataset({ format: {} })], good: [task(forest)] },
  "spec.managedBy is not supported yet": { bad: [task({ ...forest, managedBy: "x.org/y" })], good: [task(forest)] },
};
