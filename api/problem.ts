/**
 * The one shape of every refusal: a problem document (RFC 9457). Whatever an endpoint throws comes by here: a Problem
 * as it is, an error of the API server as the problem it means, anything else as a 500 that tells nothing of its inside.
 */

/** One thing that is wrong, and where: a JSON pointer into the body, or the name of a query parameter or header. */
export interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** A sentence for the person who reads it: what was wrong and what to do. */
  readonly detail: string;
  readonly errors?: readonly Fault[];
  /** Headers of the answer, such as Allow or Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document, such as the true `length` of a stream, or `links`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Thrown by endpoints and rendered by the server. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly errors: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.status = options.status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  408: "Request timeout",
  409: "Conflict",
  413: "Content too large",
  415: "Unsupported media type",
  421: "Misdirected request",
  422: "Not valid",
  429: "Too many requests",
  431: "Header fields too large",
  500: "Internal error",
  502: "API server failed",
  503: "Not available",
  507: "Insufficient storage",
};

export const problemType = "application/problem+json";

/** The document of a problem: `type, title, status, detail`, `errors` where there are any, and what is extra. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  return {
    type: "about:blank",
    title: titles[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.message,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...problem.extra,
  };
}

/** A JSON pointer (RFC 6901) to a path of keys and indices. */
export function pointer(path: readonly (string | number | symbol)[]): string {
  return path.map((key) => "/" + String(key).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}
