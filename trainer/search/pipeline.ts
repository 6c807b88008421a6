/**
 * A pipeline: some transformers, then a predictor, written as a person reads it and reads it back:
 *
 *   standardScaler > pca(components=0.9) > ridge(alpha=1)
 *
 * A predictor that is not the last step is stacked: its answers join the columns that went into it, for what follows.
 */
import type { OperatorName } from "../../traintask/operators.ts";
import { ConfigurationError } from "../errors.ts";
import type { Operator, Parameter, Parameters } from "../operators/operator.ts";

export interface PipelineStep {
  readonly operator: OperatorName;
  /** All that the operator has, in the order of its table. */
  readonly parameters: Parameters;
}
/** At least one step, a predictor at its end. */
export type Pipeline = readonly PipelineStep[];

/** By name: `operators` of trainer/operators/table.ts, or some of them. */
export type OperatorTable = Readonly<Record<string, Operator>>;

const between = " > ";

/** Equal pipelines have equal texts, different ones different texts. */
export function pipelineText(pipeline: Pipeline): string {
  return pipeline.map(stepText).join(between);
}

function stepText({ operator, parameters }: PipelineStep): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? operator : `${operator}(${settings.join(", ")})`;
}

/**
 * Reads what `pipelineText` wrote.
 * @throws {ConfigurationError} saying which step is not as it must be, and what it may be
 */
export function parsePipeline(text: string, operators: OperatorTable): Pipeline {
  const pipeline = text.split(">").map((step) => parseStep(step.trim(), operators));
  const last = pipeline.at(-1)!.operator;
  if (operators[last]!.kind !== "predictor")
    throw new ConfigurationError(`A pipeline ends with a predictor, and ${last} is none: ${text}`);
  return pipeline;
}

/** `name` or `name(setting, setting)`. */
const stepPattern = /^(?<name>[A-Za-z][A-Za-z0-9]*)(?:\((?<settings>[^()]*)\))?$/;

function parseStep(text: string, operators: OperatorTable): PipelineStep {
  const { name, settings } = stepPattern.exec(text)?.groups ?? {};
  if (name === undefined) {
    const what = text === "" ? "A step of the pipeline is empty." : `${JSON.stringify(text)} is no step of a pipeline.`;
    throw new ConfigurationError(`${what} Write steps as in: standardScaler > ridge(alpha=1)`);
  }
  if (!Object.hasOwn(operators, name))
    throw new ConfigurationError(`There is no operator ${name}. There are: ${Object.keys(operators).join(", ")}`);
  const { parameters } = operators[name]!;
  const written = parseSettings(name, settings);
  const unknown = [...written.keys()].find((setting) => !Object.hasOwn(parameters, setting));
  if (unknown !== undefined) {
    const known = Object.keys(parameters).join(", ");
    throw new ConfigurationError(`${name} has no parameter ${unknown}. It has: ${known === "" ? "none" : known}`);
  }
  const values = Object.entries(parameters).map(
    ([parameter, allowed]) => [parameter, valueOf(`${name}: ${parameter}`, written.get(parameter), allowed)] as const,
  );
  return { operator: name as OperatorName, parameters: Object.fromEntries(values) };
}

function parseSettings(operator: string, settings: string | undefined): Map<string, string> {
  const written = new Map<string, string>();
  if (settings === undefined) return written;
  for (const setting of settings.split(",")) {
    const [parameter = "", value, ...more] = setting.split("=").map((part) => part.trim());
    if (parameter === "" || value === undefined || more.length > 0)
      throw new ConfigurationError(`${operator}: ${JSON.stringify(setting.trim())} is no parameter=value.`);
    if (written.has(parameter)) throw new ConfigurationError(`${operator} has ${parameter} twice.`);
    written.set(parameter, value);
  }
  return written;
}

function valueOf(where: string, written: string | undefined, allowed: readonly Parameter[]): Parameter {
  const value = allowed.find((each) => String(each) === written);
  if (value !== undefined) return value;
  const what = written === undefined ? "is missing" : `cannot be ${written}`;
  throw new ConfigurationError(`${where} ${what}. It may be: ${allowed.join(", ")}`);
}
