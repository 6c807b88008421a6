/**
 * Kubernetes quantities ("500m", "2Gi", "1e3") as numbers. What a machine or a pod has stays far below 2^53, so a double
 * holds each exactly enough to be summed and compared.
 */

const factors: ReadonlyMap<string, number> = new Map([
  ["n", 1e-9],
  ["u", 1e-6],
  ["m", 1e-3],
  ["", 1],
  ...["k", "M", "G", "T", "P", "E"].map((suffix, index): [string, number] => [suffix, 1000 ** (index + 1)]),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, index): [string, number] => [suffix, 1024 ** (index + 1)]),
]);

/** The quantity in base units (cores for cpu, bytes for memory), or undefined when the text is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([a-zA-Z]{0,2}))$/.exec(text);
  const factor = factors.get(match?.[3] ?? "");
  if (match?.[1] === undefined || factor === undefined) return undefined;
  return Number(match[1]) * factor * 10 ** Number(match[2] ?? 0);
}

/** @param bytes rounded up to whole mebibytes */
export function formatMemory(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
