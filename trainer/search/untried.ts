/** Pipelines that a search has not tried yet: chance is given fifty tries, as in TPOT, to come up with one. */
import type { Random } from "../../traintask/random.ts";
import { type Grammar, isValid, randomPipeline } from "./grammar.ts";
import { type Pipeline, pipelineText } from "./pipeline.ts";
import type { Draft } from "./replay.ts";

const tries = 50;

export interface Untried {
  readonly pipeline: Pipeline;
  readonly text: string;
}

/** The first that is valid and not in `seen`, and from now on is. @returns undefined where there was none */
export function untried(
  make: () => Pipeline | undefined,
  { grammar, seen }: { readonly grammar: Grammar; readonly seen: Set<string> },
): Untried | undefined {
  for (let count = 0; count < tries; count++) {
    const pipeline = make();
    if (pipeline === undefined || !isValid(grammar, pipeline)) continue;
    const text = pipelineText(pipeline);
    if (seen.has(text)) continue;
    seen.add(text);
    return { pipeline, text };
  }
  return undefined;
}

/** Pipelines at random, fewer where chance finds no more. */
export function randomDrafts(
  count: number,
  { grammar, random, seen, generation }: { grammar: Grammar; random: Random; seen: Set<string>; generation: number },
): Draft[] {
  const drafts: Draft[] = [];
  for (let index = 0; index < count; index++) {
    const found = untried(() => randomPipeline(grammar, random), { grammar, seen });
    if (found === undefined) break;
    drafts.push({ generation, ...found, origin: "random", parents: [] });
  }
  return drafts;
}
