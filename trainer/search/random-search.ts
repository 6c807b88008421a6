/** Pipelines at random, in batches as large as evolution's: what evolution has to be better than. */
import { random } from "../../traintask/random.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import type { Scene } from "./evolution.ts";
import type { Course, Step } from "./replay.ts";
import { randomDrafts } from "./untried.ts";

/** What the generator's numbers are for ("random" in ASCII). */
const stream = 0x72_61_6e_64_6f_6d;

interface State {
  /** Of the batch. */
  readonly generation: number;
  /** The texts of all proposals. */
  readonly seen: ReadonlySet<string>;
}

export function randomSearch(spec: SearchSpec, { grammar, seed }: Scene): Course<State> {
  const { populationSize, offspringSize = populationSize, generations } = spec;
  function batchOf(generation: number, before: ReadonlySet<string>): Step<State> {
    const seen = new Set(before);
    const count = generation === 0 ? populationSize : generation > generations ? 0 : offspringSize;
    const generator = random(seed, stream, generation);
    return {
      batch: randomDrafts(count, { grammar, random: generator, generation, seen }),
      state: { generation, seen },
    };
  }
  return {
    total: populationSize + generations * offspringSize,
    first: () => batchOf(0, new Set()),
    after: ({ generation, seen }) => batchOf(generation + 1, seen),
  };
}
