/**
 * From a configuration to what this trainer trains. Everything is refused here that it could only ignore, so that a
 * task is never trained in another way than it says.
 */
import type { PodConfig } from "../traintask/contract.ts";
import type { RandomForestSpec } from "../traintask/trainers.ts";
import { ConfigurationError } from "./errors.ts";

export interface TrainingRequest {
  readonly config: PodConfig;
  readonly randomForest: RandomForestSpec;
}

/** @throws ConfigurationError naming the field that cannot be served */
export function trainingRequest(config: PodConfig): TrainingRequest {
  const asked = Object.entries(config.trainer).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (asked.length !== 1) {
    const found = asked.length === 0 ? "none is there" : `there are ${asked.join(" and ")}`;
    throw new ConfigurationError(`spec.trainer needs exactly one trainer, and ${found}.`);
  }
  const { randomForest } = config.trainer;
  if (randomForest === undefined) {
    throw new ConfigurationError(`spec.trainer.${asked[0]}: this trainer grows a randomForest and nothing else.`);
  }
  return { config, randomForest };
}
