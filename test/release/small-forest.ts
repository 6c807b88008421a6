/** A task that any release trains in no time. */
import { apiVersion, trainTasks } from "../../traintask/names.ts";

export const smallForest = (namespace: string): object => ({
  apiVersion,
  kind: trainTasks.kind,
  metadata: { name: "one", namespace },
  spec: {
    trainer: { randomForest: { nEstimators: 5 } },
    dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
  },
});
