/**
 * Timestamps as Kubernetes writes them in metadata and status: RFC 3339 in UTC, whole seconds.
 */

/** The form of a time, with any fraction and zone, as they are taken; `30 February` has it too. */
export const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** @param ms milliseconds since 1970; fractions of a second are cut off, as Kubernetes does */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** @returns milliseconds since 1970, or undefined when there is no such timestamp */
export function parseTimestamp(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
