/** About how many bytes of memory a plain JSON value takes in V8: numbers 8, and 16 for what holds others. */
export function jsonBytes(value: unknown): number {
  if (typeof value === "string") return 16 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  const parts: readonly unknown[] = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + jsonBytes(part), 16);
}
