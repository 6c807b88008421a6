/**
 * Which namespaces an installation serves: those of a list, or all when the list is empty. Operator and API read the
 * same setting, TRAINTASK_WATCH_NAMESPACES, by the same rule.
 */
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * @param text names with commas between them; spaces and empty places count for nothing
 * @throws RangeError that says which name cannot be that of a namespace
 */
export function namespacesIn(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  const given = new Set(names.filter((name) => name !== ""));
  for (const name of given) if (!dnsLabel.test(name)) throw new RangeError(`"${name}" cannot be a namespace`);
  return [...given];
}

/** @param watched empty: all namespaces */
export function isWatched(watched: readonly string[], namespace: string): boolean {
  return watched.length === 0 || watched.includes(namespace);
}
