/**
 * The last handler: turns whatever was thrown into a problem document. An error that is nobody's fault but ours is
 * logged here, once, and the one who asked learns nothing of our inside.
 */
import type { ErrorRequestHandler, Request, Response } from "express";
import { ApiError, TransportError } from "../kube/errors.ts";
import type { Log } from "../kube/log.ts";
import { DamagedError, StoreUnavailableError } from "./artifacts/objects.ts";
import { kubeProblem } from "./kube-problem.ts";
import { Problem, problemDocument, problemType } from "./problem.ts";

/** What an error means for the one who asked. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ApiError || error instanceof TransportError) return kubeProblem(error);
  if (isFullDisk(error))
    return new Problem({
      status: 507,
      detail:
        "The artifact store is full: nothing of this request was kept. Enlarge its volume, or delete datasets and tasks; what a task left is swept an hour after it.",
      cause: error,
    });
  if (error instanceof StoreUnavailableError)
    return new Problem({
      status: 503,
      detail: "The artifact store does not answer; the log of the API says more. Nothing was lost: ask again.",
      headers: { "retry-after": "1" },
      cause: error,
    });
  if (error instanceof DamagedError)
    return new Problem({
      status: 500,
      detail:
        "A stored file that this answer needs is damaged or gone; the log of the API names it. " +
        "The same task submitted again, under a new name, gives the same model.",
      cause: error,
    });
  if (isClientError(error)) return new Problem({ status: error.status, detail: error.message, cause: error });
  return new Problem({ status: 500, detail: "Something failed inside the API; its log says what.", cause: error });
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

/** Express throws errors with a status for requests that it cannot read, such as a malformed `%`. */
function isClientError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    "status" in error &&
    typeof error.status === "number" &&
    error.status >= 400 &&
    error.status < 500
  );
}

/** Sends a problem. A connection whose request was not read to its end is closed, so that its rest is not taken for the next request. */
export function sendProblem(problem: Problem, request: Request, response: Response): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  if (!request.complete) response.setHeader("connection", "close");
  const body = JSON.stringify(problemDocument(problem)) + "\n";
  response.status(problem.status).set("content-type", problemType);
  if (request.method === "HEAD") response.end();
  else response.end(body);
}

export function errorRenderer(log: Log): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  // oxlint-disable-next-line eslint/max-params
  return (error: unknown, request, response, _next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log.error({ err: error, method: request.method, path: request.path }, "request failed");
    sendProblem(problem, request, response);
  };
}
