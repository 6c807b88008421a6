/** Inputs of a forest for tests: small tables, changed by overrides. */
import type { z } from "zod";
import { random } from "../../traintask/random.ts";
import { randomForestSchema } from "../../traintask/trainers.ts";
import type { ForestColumn, ForestInput, ForestTarget } from "../../trainer/forest/forest.ts";

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

type Overrides = Partial<Omit<ForestInput, "options">> & { readonly options?: z.input<typeof randomForestSchema> };

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
    options: randomForestSchema.parse({ nEstimators: 1, bootstrap: false, maxFeatures: "all", ...options }),
  };
}

interface Friedman {
  readonly rows: number;
  /** At least 5; those beyond have nothing to do with the target. */
  readonly columns?: number;
  /** Standard deviation of what is added to the target. */
  readonly noise?: number;
  readonly seed?: number;
}

/** Friedman's first problem (1991): uniform columns, a smooth target. */
export function friedman({
  rows,
  columns = 10,
  noise = 0,
  seed = 0,
}: Friedman): Pick<ForestInput, "columns" | "target" | "rows"> {
  const generator = random(seed);
  const table = Array.from({ length: columns }, () => Array.from({ length: rows }, () => generator.uniform()));
  const [a, b, c, d, e] = table as [number[], number[], number[], number[], number[]];
  // A sum of twelve uniform numbers has variance 1 and is normal enough.
  const normal = (): number => Array.from({ length: 12 }, () => generator.uniform()).reduce((sum, u) => sum + u, -6);
  const target = Array.from({ length: rows }, (_, i) => {
    const smooth = 10 * Math.sin(Math.PI * a[i]! * b[i]!) + 20 * (c[i]! - 0.5) ** 2 + 10 * d[i]! + 5 * e[i]!;
    return noise === 0 ? smooth : smooth + noise * normal();
  });
  return {
    columns: table.map((values, i) => aNumberColumn(values, `x${i}`)),
    target: aRegressionTarget(target),
    rows: Uint32Array.from({ length: rows }, (_, i) => i),
  };
}
