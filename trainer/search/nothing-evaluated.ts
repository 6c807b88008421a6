/** The error of a search in which no pipeline got a score, or none of those that did can be fitted on all rows. */
import { DataError } from "../../data/error.ts";
import { ConfigurationError, ModelTooLargeError } from "../errors.ts";
import type { Cause, TrialError } from "./trial-orders.ts";

/** So many different reasons are told. */
const maxReasons = 3;

const advice: Readonly<Record<Exclude<Cause, "error">, string>> = {
  time: "Give spec.trainer.search.maxEvalTimeSeconds more, or use preset: light, or fewer rows.",
  memory: "Give spec.resources.limits.memory more, or use preset: light, or fewer rows or columns.",
  crash: "Use other operators (spec.trainer.search.operators).",
};

/**
 * @param what begins the sentence: `None of 20 pipelines could be evaluated`
 * @param errors one for each pipeline; none where time was over before any trial was
 */
export function nothingEvaluated(what: string, errors: readonly TrialError[]): Error {
  const [cause] = mostFrequent(errors.map((error) => error.cause));
  if (cause === undefined)
    return new ConfigurationError(`${what}: the time was over before.`, {
      advice: "Give spec.trainer.search.maxTimeSeconds more.",
    });
  const sizes = errors.flatMap(({ modelBytes }) => modelBytes ?? []);
  if (sizes.length === errors.length)
    return new ModelTooLargeError(
      `The smallest of ${sizes.length} models has ${Math.min(...sizes)} bytes: too many to be kept.`,
      {
        advice:
          "Name operators with smaller models in spec.trainer.search.operators: neighbours keep all rows, forests all trees.",
      },
    );
  const reasons = mostFrequent(errors.map(({ message }) => withoutParameters(message)));
  const told = reasons.slice(0, maxReasons).map(([reason, times]) => `${times} times: ${reason}`);
  const more = reasons.length > maxReasons ? `; and ${reasons.length - maxReasons} other reasons` : "";
  const message = `${what}. ${told.join("; ")}${more}.`;
  return cause[0] === "error" ? new DataError(message) : new ConfigurationError(message, { advice: advice[cause[0]] });
}

/** With their counts, the most frequent first, ties in the order in which they come. */
function mostFrequent<T>(values: readonly T[]): [T, number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** The same operator fails for the same reason whatever its parameters are. */
function withoutParameters(message: string): string {
  return message.replace(/^([A-Za-z][A-Za-z0-9]*)\([^()]*\):/, "$1:").replace(/\.$/, "");
}
