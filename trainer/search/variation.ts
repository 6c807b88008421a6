/**
 * How new pipelines come from old ones, as in TPOT 0.12 (gp_deap.py, base.py), whose trees are lines here: a mutation
 * inserts a step, removes one, or draws one anew, a step or a single parameter; a crossover puts the end of one pipeline
 * behind the beginning of another, or takes over a parameter of an operator that both have.
 */
import type { Random } from "../../traintask/random.ts";
import type { Parameter } from "../operators/operator.ts";
import { type Grammar, gridOf, innerFor, isValid, maxSteps, pick, randomStep } from "./grammar.ts";
import type { Pipeline, PipelineStep } from "./pipeline.ts";

interface Chance {
  readonly grammar: Grammar;
  readonly random: Random;
}

/** Answers another pipeline of the grammar, at times the same one; undefined where it cannot be done. */
type Mutation = (pipeline: Pipeline, chance: Chance) => Pipeline | undefined;

/** Each as likely as the others; the last only where there is a step to remove. */
export const mutations = { insert, replace, shrink } satisfies Record<string, Mutation>;

/** Any operator, a predictor too, at any place but the end. */
function insert(pipeline: Pipeline, { grammar, random }: Chance): Pipeline | undefined {
  if (pipeline.length === maxSteps) return undefined;
  const step = randomStep(grammar, innerFor(grammar, pipeline), random);
  return pipeline.toSpliced(random.below(pipeline.length), 0, step);
}

/** A place is a step, or a parameter that has a choice. All places are equally likely, so most often it is a parameter. */
function replace(pipeline: Pipeline, { grammar, random }: Chance): Pipeline {
  const places = pipeline.flatMap((step, index) => [
    { index, parameter: undefined },
    ...choices(grammar, step).map((parameter) => ({ index, parameter })),
  ]);
  const { index, parameter } = pick(places, random);
  const others = pipeline.toSpliced(index, 1);
  const names = index === others.length ? grammar.predictors : innerFor(grammar, others);
  const step =
    parameter === undefined
      ? randomStep(grammar, names, random)
      : withParameter(
          pipeline[index]!,
          parameter,
          pick(gridOf(grammar, pipeline[index]!.operator)[parameter]!, random),
        );
  return pipeline.with(index, step);
}

function shrink(pipeline: Pipeline, { random }: Chance): Pipeline | undefined {
  return pipeline.length === 1 ? undefined : pipeline.toSpliced(random.below(pipeline.length - 1), 1);
}

/** Whether they have an operator in common. */
export function canCross(first: Pipeline, second: Pipeline): boolean {
  return first.some(({ operator }) => second.some((other) => other.operator === operator));
}

/**
 * The end of the first behind the beginning of the second, or the first with a parameter of the second. Each parameter
 * that both have is as likely as the exchange of beginnings.
 */
export function crossover(
  [first, second]: readonly [Pipeline, Pipeline],
  { grammar, random }: Chance,
): Pipeline | undefined {
  const parameter = pick([undefined, ...sharedParameters(grammar, first, second)], random);
  if (parameter !== undefined) return exchanged([first, second], parameter, random);
  const end = first.slice(random.below(first.length));
  const begin = second.slice(0, random.below(second.length));
  const child = [...begin, ...end];
  return isValid(grammar, child) ? child : undefined;
}

interface SharedParameter {
  readonly operator: string;
  readonly name: string;
}

function sharedParameters(grammar: Grammar, first: Pipeline, second: Pipeline): SharedParameter[] {
  const steps = new Map(first.map((step) => [step.operator, step]));
  return [...steps.values()]
    .filter(({ operator }) => second.some((other) => other.operator === operator))
    .flatMap((step) => choices(grammar, step).map((name) => ({ operator: step.operator, name })));
}

function exchanged(
  [first, second]: readonly [Pipeline, Pipeline],
  { operator, name }: SharedParameter,
  random: Random,
): Pipeline {
  const places = first.flatMap((step, index) => (step.operator === operator ? [index] : []));
  const values = second.flatMap((step) => (step.operator === operator ? [step.parameters[name]!] : []));
  const index = pick(places, random);
  return first.with(index, withParameter(first[index]!, name, pick(values, random)));
}

/** Parameters that may be something else. */
function choices(grammar: Grammar, step: PipelineStep): string[] {
  return Object.entries(gridOf(grammar, step.operator)).flatMap(([name, values]) => (values.length > 1 ? [name] : []));
}

/** Keeps the order of the parameters. */
function withParameter(step: PipelineStep, name: string, value: Parameter): PipelineStep {
  return { ...step, parameters: { ...step.parameters, [name]: value } };
}
