/**
 * Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization",
 * 2016) where what grows is the ensemble at a pipeline's end: all of them begin with an eighth of their members, and three
 * times the better half goes on with twice as many. Promoting one costs only the members that are added. Pipelines whose
 * end does not grow are evaluated whole, among the first. In all there are as many evaluations as an evolution has.
 */
import { random } from "../../traintask/random.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import type { Scene } from "./evolution.ts";
import type { OperatorTable, Pipeline } from "./pipeline.ts";
import type { Course, Draft, Outcome } from "./replay.ts";
import { randomDrafts } from "./untried.ts";

/** What the generator's numbers are for ("halve" in ASCII). */
const stream = 0x68_61_6c_76_65;

/** How often an ensemble grows. */
const promotions = 3;

interface State {
  /** Of the batch. */
  readonly rung: number;
}

export function halving(spec: SearchSpec, { grammar, seed }: Scene): Course<State> {
  const { populationSize, offspringSize = populationSize, generations } = spec;
  const total = populationSize + generations * offspringSize;
  const { operators } = grammar;
  return {
    total,
    first() {
      const scene = { grammar, random: random(seed, stream), seen: new Set<string>(), generation: 0 };
      const drafts: Draft[] = [];
      let growing = 0;
      const whole = (): number => drafts.length - growing;
      while (whole() + evaluations(growing) < total) {
        const [draft] = randomDrafts(1, scene);
        if (draft === undefined) break;
        // The last evaluations may be too few for an ensemble to grow.
        const fits = whole() + evaluations(growing + 1) <= total;
        const begun = fits ? atRung(draft, 0, operators) : draft;
        if (begun.members !== undefined) growing += 1;
        drafts.push(begun);
      }
      return { batch: drafts, state: { rung: 0 } };
    },
    after({ rung }, outcomes) {
      const next = rung + 1;
      const batch = next > promotions ? [] : betterHalf(outcomes).map((one) => promoted(one, next, operators));
      return { batch, state: { rung: next } };
    },
  };
}

/** Of so many ensembles, until the last ones are whole. */
function evaluations(ensembles: number): number {
  let sum = 0;
  for (let rung = 0, left = ensembles; rung <= promotions; rung++, left = Math.ceil(left / 2)) sum += left;
  return sum;
}

/** Of the whole ensemble at the end; undefined where there is none, or one too small to begin with an eighth. */
function membersOf(pipeline: Pipeline, operators: OperatorTable): number | undefined {
  const { operator, parameters } = pipeline.at(-1)!;
  const { growing } = operators[operator]!;
  if (growing === undefined) return undefined;
  const members = Number(parameters[growing.parameter] ?? growing.members);
  return members >= 2 ** promotions ? members : undefined;
}

function atRung(draft: Draft, rung: number, operators: OperatorTable): Draft {
  const members = membersOf(draft.pipeline, operators);
  if (members === undefined || rung === promotions) return draft;
  return { ...draft, members: Math.floor(members / 2 ** (promotions - rung)) };
}

/** Of the ensembles, rounded up, without those that failed: the best first, of equal ones the earlier. */
function betterHalf(outcomes: readonly Outcome[]): Outcome[] {
  const ensembles = outcomes.filter(({ proposal }) => proposal.members !== undefined);
  return ensembles
    .filter(({ score }) => score !== undefined)
    .toSorted((a, b) => b.score! - a.score! || a.proposal.trial - b.proposal.trial)
    .slice(0, Math.ceil(ensembles.length / 2));
}

function promoted({ proposal }: Outcome, rung: number, operators: OperatorTable): Draft {
  const { pipeline, text, trial } = proposal;
  const draft: Draft = { generation: rung, pipeline, text, origin: "promotion", parents: [trial] };
  return atRung(draft, rung, operators);
}
