/**
 * What can go wrong when talking to an API server. What happens next is decided by class, never by text.
 */

/** The `Status` object that an API server answers with instead of what was asked for. */
export interface KubeStatus {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly { readonly field?: string; readonly message?: string; readonly reason?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** The API server answered, and the answer is no. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  readonly status: KubeStatus;
  constructor(status: KubeStatus) {
    super(status.message ?? `the API server answered ${status.code} ${status.reason ?? ""}`.trimEnd());
    this.status = status;
  }
  get code(): number {
    return this.status.code;
  }
}
/** 400: the server could not read the request. */
export class BadRequestError extends ApiError {
  override readonly name = "BadRequestError";
}
/** 401 or 403: not allowed, or (at create) refused by a quota or by admission. */
export class ForbiddenError extends ApiError {
  override readonly name = "ForbiddenError";
}
/** 404 */
export class NotFoundError extends ApiError {
  override readonly name = "NotFoundError";
}
/** 409 AlreadyExists: an object of that name is there. */
export class AlreadyExistsError extends ApiError {
  override readonly name = "AlreadyExistsError";
}
/** 409 Conflict: the object changed since it was read, or a precondition does not hold. */
export class ConflictError extends ApiError {
  override readonly name = "ConflictError";
}
/** 410: the resourceVersion or continue token is too old: list again. */
export class GoneError extends ApiError {
  override readonly name = "GoneError";
}
/** 422: the object is not valid; `status.details.causes` name the fields. */
export class InvalidError extends ApiError {
  override readonly name = "InvalidError";
}
/** 429, or 503 with Retry-After: ask again later. */
export class ThrottledError extends ApiError {
  override readonly name = "ThrottledError";
  get retryAfterSeconds(): number | undefined {
    return this.status.details?.retryAfterSeconds;
  }
}
/** 5xx: the server failed. The outcome of a write is unknown. */
export class ServerError extends ApiError {
  override readonly name = "ServerError";
}
/** No (whole) answer: connection refused, reset, timed out, or a body that ended early. A write's outcome is unknown. */
export class TransportError extends Error {
  override readonly name = "TransportError";
}

/** The class that fits a Status. */
export function apiError(status: KubeStatus): ApiError {
  switch (status.code) {
    case 400:
      return new BadRequestError(status);
    case 401:
    case 403:
      return new ForbiddenError(status);
    case 404:
      return new NotFoundError(status);
    case 409:
      return status.reason === "AlreadyExists" ? new AlreadyExistsError(status) : new ConflictError(status);
    case 410:
      return new GoneError(status);
    case 422:
      return new InvalidError(status);
    case 429:
      return new ThrottledError(status);
    default:
      if (status.code === 503 && status.details?.retryAfterSeconds !== undefined) return new ThrottledError(status);
      return status.code >= 500 ? new ServerError(status) : new ApiError(status);
  }
}
