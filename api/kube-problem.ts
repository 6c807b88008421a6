/**
 * An error of the API server as a problem document: the same verdict at every door, with JSON pointers in place of
 * Kubernetes' field paths.
 */
import {
  AlreadyExistsError,
  ApiError,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  ThrottledError,
  TransportError,
} from "../kube/errors.ts";
import { pointer, Problem } from "./problem.ts";
import type { Fault } from "./problem.ts";

/**
 * The keys and indices of a Kubernetes field path: `spec.columns[0].name` and
 * `metadata.annotations[example.com/a]` are `["spec", "columns", "0", "name"]` and so on.
 */
export function fieldPath(field: string): string[] {
  const keys: string[] = [];
  for (const match of field.matchAll(/\[([^\]]*)\]|([^.[]+)/g)) {
    const key = match[1] ?? match[2];
    if (key !== undefined && key !== "") keys.push(key.replace(/^["'](.*)["']$/, "$1"));
  }
  return keys;
}

/** What strict decoding objects to: `strict decoding error: unknown field "spec.a", duplicate field "spec.b"`. */
function strictFaults(message: string): Fault[] {
  return [...message.matchAll(/(unknown|duplicate) field "([^"]*)"/g)].map((match) => ({
    pointer: pointer(fieldPath(match[2] ?? "")),
    detail: `${match[1] ?? ""} field ${match[2] ?? ""}`,
  }));
}

function causes(error: ApiError): Fault[] {
  return (error.status.details?.causes ?? []).map((cause) => ({
    pointer: pointer(fieldPath(cause.field ?? "")),
    detail: cause.message ?? cause.reason ?? "not valid",
  }));
}

/** The problem that an error of the API server, or the lack of an answer, means for the one who asked. */
export function kubeProblem(error: ApiError | TransportError): Problem {
  if (error instanceof TransportError)
    return new Problem({
      status: 503,
      detail:
        "The API server did not answer. A write may have been done: ask before you repeat it, or use an Idempotency-Key.",
      headers: { "retry-after": "1" },
      cause: error,
    });
  const told = (status: number, errors: Fault[] = []): Problem =>
    new Problem({ status, detail: error.message, errors, cause: error });
  if (error instanceof InvalidError) return told(422, causes(error));
  if (error instanceof BadRequestError) return told(400, strictFaults(error.message));
  if (error instanceof NotFoundError) return told(404);
  if (error instanceof AlreadyExistsError || error instanceof ConflictError) return told(409);
  if (error instanceof ForbiddenError) return told(403);
  if (error instanceof ThrottledError)
    return new Problem({
      status: 503,
      detail: "The API server asks to wait.",
      headers: { "retry-after": String(error.retryAfterSeconds ?? 1) },
      cause: error,
    });
  if (error.code < 500) return told(error.code);
  return new Problem({
    status: 502,
    detail: "The API server failed. A write may have been done: ask before you repeat it, or use an Idempotency-Key.",
    cause: error,
  });
}
