/**
 * Parameters of a request, from its path and its query. A parameter that a call does not know is refused by name: a
 * misspelt `namespace` must not act on another one.
 */
import type { Request } from "express";
import * as z from "zod";
import type { ObjectKey } from "../kube/objects.ts";
import { Problem } from "./problem.ts";

export const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const namespaceParameter = z
  .string()
  .regex(dnsLabel, { error: "a namespace is a DNS label" })
  .default("default")
  .describe("Namespace of the task; default `default`");

/** Of calls that are about one namespace, or without the parameter about whatever else they say. */
export const optionalNamespace = namespaceParameter.unwrap().optional().describe("Namespace of the task");

/** What calls that count tasks take. */
export const countQuery = z.strictObject({
  namespace: optionalNamespace.describe("Only tasks of this namespace; default: of all"),
});

/** Numbers come as text: digits only, so that `1e3`, `0x10` and ` 1` are not numbers. */
export function integerParameter(range: { min: number; max: number }) {
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, { error: `an integer from ${range.min} to ${range.max} is wanted` })
    .transform(Number)
    .pipe(z.int().min(range.min).max(range.max));
}

export const booleanParameter = z.stringbool({ truthy: ["true"], falsy: ["false"], case: "sensitive" });

/** What every call on tasks takes. */
export const taskQuery = z.strictObject({ namespace: namespaceParameter });

/** @throws Problem 400 naming the parameters */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const result = schema.safeParse({ ...request.query });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ parameter: key, detail: "this call has no such parameter" }))
      : [{ parameter: String(issue.path[0] ?? ""), detail: issue.message }],
  );
  throw new Problem({
    status: 400,
    detail: `The query is not valid: ${errors.map((one) => one.parameter).join(", ")}.`,
    errors,
  });
}

/** One variable of the path, as `:name`. */
export function pathVariable(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === "string" ? value : "";
}

/**
 * The task that a path names.
 * @throws Problem 400 for what cannot be the name of a task
 */
export function taskKey(request: Request, namespace: string): Required<ObjectKey> {
  const name = pathVariable(request, "name");
  if (!dnsLabel.test(name))
    throw new Problem({
      status: 400,
      detail: `"${name.slice(0, 100)}" cannot be the name of a task: a name is a DNS label of at most 63 characters.`,
      errors: [{ parameter: "name", detail: "a-z, 0-9 and - between them" }],
    });
  return { namespace, name };
}
