/** Times as Kubernetes writes them in metadata and status: RFC 3339 in UTC, whole seconds. */

/** @param ms milliseconds since 1970; fractions of a second are cut off, as Kubernetes does */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970, or undefined for what is absent or not a time. */
export function instant(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
