/** Kubernetes quantities (`512Mi`, `1.5G`, `250m`), as far as memory and cpu need them. */

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** The number that a quantity stands for (bytes, cores), or undefined when it is not one. */
export function quantity(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m|[kMGTP]|[KMGTP]i)?$/.exec(text);
  const factor = factors[match?.[2] ?? ""];
  return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}

/** @param bytes rounded up to whole mebibytes */
export function formatMemory(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
