/**
 * How the API server says no: `Status` objects with the codes, reasons and sentences of the real one, since
 * clients decide by the first two and people read the third. Everything below the protocol throws StatusErrors.
 */

/** One reason why a field is refused, as it stands in `status.details.causes`. */
export interface Cause {
  /** Path of the field, such as `spec.rows[0].name`. */
  readonly field: string;
  /** `FieldValueInvalid`, `FieldValueRequired`, ... */
  readonly reason: string;
  readonly message: string;
}

export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string };
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code: number;
}

/** What an error is about: `plural.group` and the object's name. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly name: string;
}

export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: Status;
  constructor(status: { code: number; reason?: string; message: string; details?: object }) {
    super(status.message);
    this.status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", ...status };
  }
  get code(): number {
    return this.status.code;
  }
}

/** `jobs.batch`, or `pods` for a core kind. */
const qualified = (name: string, group: string): string => (group === "" ? name : `${name}.${group}`);

const details = (subject: Subject): object => ({
  name: subject.name,
  ...(subject.group === "" ? {} : { group: subject.group }),
  kind: subject.plural,
});
const quoted = (subject: Subject): string => `${qualified(subject.plural, subject.group)} "${subject.name}"`;

export const notFound = (subject: Subject): StatusError =>
  new StatusError({
    code: 404,
    reason: "NotFound",
    message: `${quoted(subject)} not found`,
    details: details(subject),
  });

export const alreadyExists = (subject: Subject): StatusError =>
  new StatusError({
    code: 409,
    reason: "AlreadyExists",
    message: `${quoted(subject)} already exists`,
    details: details(subject),
  });

export const conflict = (subject: Subject, why: string): StatusError =>
  new StatusError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${quoted(subject)}: ${why}`,
    details: details(subject),
  });

export const staleVersion = (subject: Subject): StatusError =>
  conflict(subject, "the object has been modified; please apply your changes to the latest version and try again");

export const forbidden = (subject: Subject, why: string, causes: readonly Cause[] = []): StatusError =>
  new StatusError({
    code: 403,
    reason: "Forbidden",
    message: `${quoted(subject)} is forbidden: ${why}`,
    details: { ...details(subject), ...(causes.length === 0 ? {} : { causes }) },
  });

/** 422 with the causes; the sentence lists them as the real server does. */
export function invalid(subject: Subject, causes: readonly Cause[]): StatusError {
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
  return new StatusError({
    code: 422,
    reason: "Invalid",
    message: `${qualified(subject.kind, subject.group)} "${subject.name}" is invalid: ${list}`,
    details: {
      name: subject.name,
      ...(subject.group === "" ? {} : { group: subject.group }),
      kind: subject.kind,
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  });
}

export const badRequest = (message: string): StatusError =>
  new StatusError({ code: 400, reason: "BadRequest", message });

/** 400 that names the fields which the schema does not have, or which stand twice. */
export function strictDecodingError(
  { kind, version }: { kind: string; version: string },
  errors: readonly string[],
): StatusError {
  const why = `strict decoding error: ${errors.join(", ")}`;
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

/** 422 for a parameter of the request itself, such as `fieldValidation`. */
export const invalidOption = (options: "CreateOptions" | "DeleteOptions", cause: Cause): StatusError =>
  invalid({ group: "meta.k8s.io", plural: "", kind: options, name: "" }, [cause]);

/** 410: a continue token whose snapshot has been compacted, or a watch from before the oldest change kept. */
export const expired = (message: string): StatusError => new StatusError({ code: 410, reason: "Expired", message });

export const unsupportedMediaType = (message: string): StatusError =>
  new StatusError({ code: 415, reason: "UnsupportedMediaType", message });

export const methodNotAllowed = (): StatusError =>
  new StatusError({
    code: 405,
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
  });

export const unknownResource = (): StatusError =>
  new StatusError({
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
  });

/** A cause as the real server words it: `Invalid value: <value>: <why>`. */
export const invalidValue = (field: string, value: unknown, why: string): Cause => ({
  field,
  reason: "FieldValueInvalid",
  message: `Invalid value: ${shown(value)}: ${why}`,
});

export const required = (field: string, why = ""): Cause => ({
  field,
  reason: "FieldValueRequired",
  message: why === "" ? "Required value" : `Required value: ${why}`,
});

export const forbiddenField = (field: string, why: string): Cause => ({
  field,
  reason: "FieldValueForbidden",
  message: `Forbidden: ${why}`,
});

export const notSupported = (field: string, value: unknown, allowed: readonly unknown[]): Cause => ({
  field,
  reason: "FieldValueNotSupported",
  message: `Unsupported value: ${shown(value)}: supported values: ${allowed.map(shown).join(", ")}`,
});

export const duplicateValue = (field: string, value: unknown): Cause => ({
  field,
  reason: "FieldValueDuplicate",
  message: `Duplicate value: ${shown(value)}`,
});

export const notFoundField = (field: string, value: unknown): Cause => ({
  field,
  reason: "FieldValueNotFound",
  message: `Not found: ${shown(value)}`,
});

const longest = 1024;

/** A value in a message; long ones are cut, for nobody reads 64 KiB of CSV in an error. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
