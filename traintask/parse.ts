/**
 * From an object that somebody else stored to one of ours. The API server has checked it against the CRD, perhaps
 * that of another version: fields that we do not know are dropped, defaults are applied, and what does not fit is an
 * error that names the field, so that one bad object harms only itself.
 */
import type { z } from "zod";
import { type TrainQueue, trainQueueSchema } from "./queue.ts";
import { type TrainTaskSpec, specSchema } from "./spec.ts";
import { type TrainTask, trainTaskSchema } from "./task.ts";

/** An object does not have the shape of its kind. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
  /** Path of the first field that does not fit, as in `spec.dataset.columns[3].type`; "" is the whole object. */
  readonly field: string;
  constructor(kind: string, error: z.ZodError) {
    const issue = error.issues[0];
    const field = fieldPath(issue?.path ?? []);
    super(`not a ${kind}: ${field === "" ? "" : `${field}: `}${issue?.message ?? "invalid"}`, { cause: error });
    this.field = field;
  }
}

/** @throws MalformedError */
export function parseTrainTask(object: unknown): TrainTask {
  return parse("TrainTask", trainTaskSchema, object);
}

/** @throws MalformedError */
export function parseTrainQueue(object: unknown): TrainQueue {
  return parse("TrainQueue", trainQueueSchema, object);
}

/**
 * A spec as the API server would store it.
 * @throws MalformedError
 */
export function specWithDefaults(spec: z.input<typeof specSchema>): TrainTaskSpec {
  return parse("TrainTask's spec", specSchema, spec);
}

function parse<Schema extends z.ZodType>(kind: string, schema: Schema, object: unknown): z.output<Schema> {
  const result = schema.safeParse(object);
  if (!result.success) throw new MalformedError(kind, result.error);
  return result.data;
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
