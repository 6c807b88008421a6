/**
 * Kubernetes quantities ("500m", "2Gi", "1e3") as numbers. Resources of one machine stay far below 2^53, so a double
 * holds each exactly enough to be summed and compared.
 */

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

/**
 * @returns the quantity in base units: cores for cpu, bytes for memory
 * @throws QuantityError when the text is not a quantity
 */
export function parseQuantity(text: string): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([a-zA-Z]{0,2}))$/.exec(text);
  const factor = factors[match?.[3] ?? ""];
  if (match?.[1] === undefined || factor === undefined) {
    throw new QuantityError(`"${text}" is not a quantity: write for example 2, 500m or 512Mi`);
  }
  return Number(match[1]) * factor * 10 ** Number(match[2] ?? 0);
}
