/**
 * From a configuration to what this trainer trains. Everything is refused here that it could only ignore, so that a
 * task is never trained in another way than it says.
 */
import type { PodConfig } from "../traintask/pod-config.ts";
import type { SearchSpec } from "../traintask/search.ts";
import type { GradientBoostingSpec, RandomForestSpec } from "../traintask/trainers.ts";
import { ConfigurationError } from "./errors.ts";

/** Which part of a model is grown here: of `shards` parts the one with this number, which has each `shards`-th tree. */
export interface Share {
  readonly shard: number;
  readonly shards: number;
}
export const wholeModel: Share = { shard: 0, shards: 1 };

export type Asked =
  | { readonly trainer: "randomForest"; readonly options: RandomForestSpec }
  | { readonly trainer: "gradientBoosting"; readonly options: GradientBoostingSpec }
  | { readonly trainer: "search"; readonly options: SearchSpec };

export interface TrainingRequest {
  readonly config: PodConfig;
  readonly asked: Asked;
  readonly share: Share;
}

/** @throws ConfigurationError naming the field that cannot be served */
export function trainingRequest(config: PodConfig, share = wholeModel): TrainingRequest {
  const asked = askedFor(config);
  if (share.shards > 1 && asked.trainer !== "randomForest")
    throw new ConfigurationError(`spec.shards is ${share.shards}: only the trees of a randomForest can be shared out.`);
  if (config.dataset.weight !== undefined && asked.trainer === "search")
    throw new ConfigurationError("spec.dataset.weight: a search counts each row once.");
  return { config, asked, share };
}

function askedFor({ trainer }: PodConfig): Asked {
  const names = Object.entries(trainer).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length !== 1) {
    const found = names.length === 0 ? "none is there" : `there are ${names.join(" and ")}`;
    throw new ConfigurationError(`spec.trainer needs exactly one trainer, and ${found}.`);
  }
  const { randomForest, gradientBoosting, search } = trainer;
  if (randomForest !== undefined) return { trainer: "randomForest", options: randomForest };
  if (gradientBoosting !== undefined) return { trainer: "gradientBoosting", options: gradientBoosting };
  if (search !== undefined) return { trainer: "search", options: search };
  throw new ConfigurationError(
    `spec.trainer.${names[0]}: this trainer makes a randomForest, a gradientBoosting or a search and nothing else.`,
  );
}
