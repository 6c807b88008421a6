/** What is not supported yet. */
import { forest, task, dataset, inContainer, type Case } from "./step.ts";

export const laterCases: Record<string, Case> = {
  "spec.trainer.gradientBoosting is not supported yet": {
    bad: [task({ ...forest, trainer: { gradientBoosting: { nEstimators: 5 } } })],
    good: [task(forest)],
  },
  "spec.trainer.search is not supported yet": {
    bad: [task({ ...forest, trainer: { search: {} } })],
    good: [task(forest)],
  },
  "spec.trainer.container.model is not supported yet": {
    bad: [inContainer({ model: { mediaType: "application/zip" } })],
    good: [inContainer({})],
  },
  "spec.shards is not supported yet": { bad: [task({ ...forest, shards: 2 })], good: [task({ ...forest, shards: 1 })] },
  "spec.dataset.uri is not supported yet": {
    bad: [dataset({ uri: "https://example.org/iris.csv" })],
    good: [dataset({ uri: `traintask://datasets/sha256:${"a".repeat(64)}` })],
  },
  "spec.dataset.configMap is not supported yet": {
    bad: [dataset({ configMap: { name: "a", key: "b" } })],
    good: [task(forest)],
  },
  "spec.dataset.volume is not supported yet": {
    bad: [dataset({ volume: { claimName: "a", path: "b" } })],
    good: [task(forest)],
  },
  "spec.dataset.weight is not supported yet": { bad: [dataset({ weight: "a" })], good: [task(forest)] },
  "spec.dataset.format is not supported yet": { bad: [dataset({ format: {} })], good: [task(forest)] },
  "spec.managedBy is not supported yet": { bad: [task({ ...forest, managedBy: "x.org/y" })], good: [task(forest)] },
};
