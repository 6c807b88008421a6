/**
 * Which pipelines a search may make: steps from the operators that it was given, in their grids of parameters, the last
 * step a predictor for the problem. Any operator may stand before the last one, a predictor there is stacked. As in TPOT
 * there is at most one `polynomialFeatures`: two would make a column of each pair of pairs.
 */
import type { OperatorName } from "../../traintask/operators.ts";
import type { Random } from "../../traintask/random.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import { ConfigurationError } from "../errors.ts";
import type { Parameter, Target } from "../operators/operator.ts";
import type { OperatorTable, Pipeline, PipelineStep } from "./pipeline.ts";

export interface Grammar {
  readonly problemType: Target["problemType"];
  readonly operators: OperatorTable;
  /** What may be the last step. */
  readonly predictors: readonly OperatorName[];
  /** What may stand before it. */
  readonly inner: readonly OperatorName[];
}

/** Longer pipelines are not made: selection prefers short ones anyway. */
export const maxSteps = 8;

/** Lengths of random pipelines, each as likely as any other: as in TPOT mostly one step or two. */
const lengths = [1, 1, 2, 2, 3] as const;

/** Those of TPOT's configurations "light", for classes and for numbers. */
const lightOperators: ReadonlySet<string> = new Set<OperatorName>([
  "bernoulliNb",
  "decisionTree",
  "elasticNet",
  "gaussianNb",
  "kNeighbors",
  "lasso",
  "linearSvr",
  "logisticRegression",
  "multinomialNb",
  "ridge",
  "binarizer",
  "featureAgglomeration",
  "maxAbsScaler",
  "minMaxScaler",
  "normalizer",
  "nystroem",
  "pca",
  "rbfSampler",
  "robustScaler",
  "standardScaler",
  "zeroCount",
  "selectFwe",
  "selectPercentile",
  "varianceThreshold",
]);

/** @throws {ConfigurationError} for a list of operators of which no pipeline for this problem can be made */
export function grammarOf(
  { preset, operators: listed }: Pick<SearchSpec, "preset" | "operators">,
  { problemType, operators }: { problemType: Target["problemType"]; operators: OperatorTable },
): Grammar {
  const fitting = Object.keys(operators).filter((name) => operators[name]!.problemTypes.includes(problemType));
  const unfit = listed?.find((name) => !fitting.includes(name));
  if (unfit !== undefined)
    throw new ConfigurationError(`spec.trainer.search.operators: ${unfit} is not for ${problemType}.`, {
      advice: `Take it out of the list. For ${problemType} there are: ${fitting.join(", ")}.`,
    });
  const isChosen = (name: string): boolean =>
    listed === undefined ? preset === "default" || lightOperators.has(name) : listed.some((one) => one === name);
  const inner = fitting.filter(isChosen) as OperatorName[];
  const isPredictor = (name: string): boolean => operators[name]!.kind === "predictor";
  const predictors = inner.filter(isPredictor);
  if (predictors.length === 0)
    throw new ConfigurationError(
      "spec.trainer.search.operators: a pipeline ends with a predictor, and there is none.",
      {
        advice: `Add one of: ${fitting.filter(isPredictor).join(", ")}.`,
      },
    );
  return { problemType, operators, predictors, inner };
}

/** Uniform. @param options not empty */
export function pick<T>(options: readonly T[], random: Random): T {
  return options[random.below(options.length)]!;
}

/** What each parameter may be; one that means nothing for the problem keeps its default. */
export function gridOf(
  { operators, problemType }: Grammar,
  operator: string,
): Readonly<Record<string, readonly Parameter[]>> {
  const { parameters, onlyFor = {} } = operators[operator]!;
  const entries = Object.entries(parameters).map(([name, values]): [string, readonly Parameter[]] => {
    const only = Object.hasOwn(onlyFor, name) ? onlyFor[name] : problemType;
    return [name, only === problemType ? values : [values[0]]];
  });
  return Object.fromEntries(entries);
}

/** With parameters at random. @param names of which one is taken, not empty */
export function randomStep(grammar: Grammar, names: readonly OperatorName[], random: Random): PipelineStep {
  const operator = pick(names, random);
  const parameters = Object.entries(gridOf(grammar, operator)).map(([name, values]): [string, Parameter] => [
    name,
    pick(values, random),
  ]);
  return { operator, parameters: Object.fromEntries(parameters) };
}

export function randomPipeline(grammar: Grammar, random: Random): Pipeline {
  const length = pick(lengths, random);
  const pipeline = [randomStep(grammar, grammar.predictors, random)];
  while (pipeline.length < length) pipeline.unshift(randomStep(grammar, innerFor(grammar, pipeline), random));
  return pipeline;
}

/** What may join these steps before the last one; at least the predictors. */
export function innerFor({ inner }: Grammar, steps: Pipeline): readonly OperatorName[] {
  return steps.some(isPolynomial) ? inner.filter((operator) => !isPolynomial({ operator })) : inner;
}

/** Whether it may be tried: chance draws each parameter by itself, also where two of them exclude each other. */
export function isValid(grammar: Grammar, pipeline: Pipeline): boolean {
  const last = pipeline.at(-1);
  return (
    last !== undefined &&
    grammar.predictors.includes(last.operator) &&
    pipeline.length <= maxSteps &&
    pipeline.filter(isPolynomial).length <= 1 &&
    pipeline.every(
      ({ operator, parameters }) =>
        grammar.inner.includes(operator) &&
        isOfGrid(parameters, gridOf(grammar, operator)) &&
        grammar.operators[operator]!.excludes?.(parameters) !== true,
    )
  );
}

function isOfGrid(parameters: PipelineStep["parameters"], grid: ReturnType<typeof gridOf>): boolean {
  const names = Object.keys(grid);
  return (
    Object.keys(parameters).join() === names.join() && names.every((name) => grid[name]!.includes(parameters[name]!))
  );
}

function isPolynomial({ operator }: { readonly operator: string }): boolean {
  return operator === "polynomialFeatures";
}
