/** Times as Kubernetes writes them: RFC 3339, whole seconds, UTC. */

/** @param ms milliseconds since 1970 */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970, or undefined for what is absent or not a time. */
export function instant(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
