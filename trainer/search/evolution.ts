/**
 * Genetic programming as in TPOT 0.12: of the pipelines that were kept and their offspring, NSGA-II keeps the best
 * (mu + lambda). What is different: no pipeline is evaluated twice, so the offspring that is to be a copy of a parent
 * (where mutationRate and crossoverRate sum to less than 1) is left out; and what failed has no offspring.
 */
import { random } from "../../traintask/random.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import { breed, type Parent } from "./breeding.ts";
import type { Grammar } from "./grammar.ts";
import { select } from "./nsga2.ts";
import type { Course, Outcome, Step } from "./replay.ts";
import { randomDrafts } from "./untried.ts";

/** What the generator's numbers are for ("evolve" in ASCII). */
const stream = 0x65_76_6f_6c_76_65;

interface Individual extends Parent {
  /** Undefined: it failed. */
  readonly score: number | undefined;
}

interface State {
  /** Of the batch. */
  readonly generation: number;
  /** Kept before the batch. */
  readonly population: readonly Individual[];
  /** The texts of all proposals. */
  readonly seen: ReadonlySet<string>;
}

export interface Scene {
  readonly grammar: Grammar;
  readonly seed: number;
}

export function evolution(spec: SearchSpec, scene: Scene): Course<State> {
  const { populationSize, offspringSize = populationSize, generations } = spec;
  return {
    total: populationSize + generations * offspringSize,
    first() {
      const seen = new Set<string>();
      const generator = random(scene.seed, stream, 0);
      const batch = randomDrafts(populationSize, { grammar: scene.grammar, random: generator, seen, generation: 0 });
      return { batch, state: { generation: 0, population: [], seen } };
    },
    after({ generation, population, seen }, outcomes) {
      const kept = survivors([...population, ...outcomes.map(individual)], populationSize);
      return offspring(spec, scene, { generation: generation + 1, population: kept, seen });
    },
  };
}

function individual({ proposal: { trial, pipeline }, score }: Outcome): Individual {
  return { trial, pipeline, score };
}

function survivors(pool: readonly Individual[], count: number): Individual[] {
  const fitness = pool.map(({ score, pipeline }) =>
    score === undefined ? { score: -Infinity, size: Infinity } : { score, size: pipeline.length },
  );
  return select(fitness, count).map((place) => pool[place]!);
}

/** Of the first generation from `state`'s on that has any; none at the end, or where one has looked for it in vain. */
function offspring(spec: SearchSpec, { grammar, seed }: Scene, state: State): Step<State> {
  const { offspringSize = spec.populationSize } = spec;
  const rates = { mutationRate: Number(spec.mutationRate), crossoverRate: Number(spec.crossoverRate) };
  const parents = state.population.filter(({ score }) => score !== undefined);
  const seen = new Set(state.seen);
  for (let { generation } = state; generation <= spec.generations; generation++) {
    const generator = random(seed, stream, generation);
    const children = breed(offspringSize, { grammar, random: generator, generation, parents, seen, ...rates });
    const batch = children.filter((child) => typeof child === "object");
    if (batch.length > 0) return { batch, state: { ...state, generation, seen } };
    if (children.includes(undefined)) break;
  }
  return { batch: [], state };
}
