/** What is not supported yet. */
import { forest, task, type Case } from "./step.ts";

export const laterCases: Record<string, Case> = {
  "spec.managedBy is not supported yet": { bad: [task({ ...forest, managedBy: "x.org/y" })], good: [task(forest)] },
};
