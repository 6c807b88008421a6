/** The steps that a model file may name, beside trainer/operators/table.ts, which says how each is fitted. */
import { standardScaler } from "./standard-scaler.ts";
import type { Step } from "./step.ts";

export const steps: Readonly<Record<string, Step>> = {
  standardScaler,
};
