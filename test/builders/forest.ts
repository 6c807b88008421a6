/** Inputs of a forest for tests: small tables, changed by overrides. */
import type { ForestColumn, ForestInput, ForestTarget } from "../../trainer/forest/forest.ts";
import { random } from "../../traintask/random.ts";

export function aNumberColumn(values: readonly number[], name = "x"): ForestColumn {
  return { name, type: "number", values: Float64Array.from(values) };
}

export function aCategoryColumn(codes: readonly number[], categories: readonly string[], name = "c"): ForestColumn {
  return { name, type: "category", categories, codes: Int32Array.from(codes) };
}

export function aRegressionTarget(values: readonly number[]): ForestTarget {
  return { problemType: "regression", values: Float64Array.from(values) };
}

export function aClassTarget(codes: readonly number[], classes: readonly string[] = ["no", "yes"]): ForestTarget {
  return { problemType: "classification", classes, codes: Int32Array.from(codes) };
}

type Overrides = Partial<Omit<ForestInput, "options">> & { readonly options?: Partial<ForestInput["options"]> };

/** One tree on all rows and all columns, unless overridden. */
export function aForestInput({ options, ...overrides }: Overrides = {}): ForestInput {
  const columns = overrides.columns ?? [aNumberColumn([1, 2, 3, 4])];
  const [first] = columns;
  const length = first === undefined ? 0 : first.type === "number" ? first.values.length : first.codes.length;
  return {
    columns,
    target: aRegressionTarget(Array.from({ length }, (_, i) => i)),
    rows: Uint32Array.from({ length }, (_, i) => i),
    seed: 0,
    ...overrides,
    options: {
      nEstimators: 1,
      minSamplesSplit: 2,
      minSamplesLeaf: 1,
      bootstrap: false,
      maxFeatures: "all",
      ...options,
    },
  };
}

/** Friedman's first problem (1991) with five columns of noise: uniform columns, a smooth target. */
export function friedman({
  rows,
  seed = 0,
}: {
  rows: number;
  seed?: number;
}): Pick<ForestInput, "columns" | "target" | "rows"> {
  const generator = random(seed);
  const columns = Array.from({ length: 10 }, () => Array.from({ length: rows }, () => generator.uniform()));
  const target = Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d, e] = columns.map((column) => column[i]!) as [number, number, number, number, number];
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
  });
  return {
    columns: columns.map((values, i) => aNumberColumn(values, `x${i}`)),
    target: aRegressionTarget(target),
    rows: Uint32Array.from({ length: rows }, (_, i) => i),
  };
}
