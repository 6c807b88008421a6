/**
 * A pipeline: some transformers, then a predictor, written as a person reads it and reads it back:
 *
 *   standardScaler > pca(components=0.9) > ridge(alpha=1)
 *
 * A predictor that is not the last step is stacked: its answers join the columns that went into it, for what follows.
 */
import type { OperatorName } from "../../traintask/operators.ts";
import type { Parameters } from "../operators/operator.ts";

export interface PipelineStep {
  readonly operator: OperatorName;
  /** All that the operator has, in the order of its table. */
  readonly parameters: Parameters;
}
/** At least one step, a predictor at its end. */
export type Pipeline = readonly PipelineStep[];
