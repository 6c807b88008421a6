/** The path of the lasso by what defines its solutions; how it agrees with scikit-learn is in golden.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aMatrix } from "../../test/builders/operators.ts";
import { random } from "../../traintask/random.ts";
import { type Design, designOf, dot } from "./design.ts";
import { GrowingTriangle } from "./growing-triangle.ts";
import { type Kink, larsPath } from "./lars.ts";
import { allRows } from "./row-blocks.ts";

/** The columns lean on each other, so that some of them leave the path again. */
function aDesign({ rows, columns, seed }: { rows: number; columns: number; seed: number }): Design {
  const draw = random(seed);
  const x = Array.from({ length: rows }, () => {
    const shared = draw.uniform() * 2;
    return Array.from({ length: columns }, () => draw.uniform() + shared);
  });
  const y = Float64Array.from(x, (row) => row.reduce((sum, value, c) => sum + value * (c % 3 === 1 ? -1 : 1), 0));
  const matrix = aMatrix(x);
  return designOf(
    matrix,
    y.map((value) => value + draw.uniform()),
    { rows: allRows(matrix), normalize: true },
  );
}
const pathOf = (design: Design, options = {}): Kink[] => larsPath(design, { least: 0, maxIterations: 500, ...options });

/** By how much weights miss what holds where the objective is least, as a share of the greatest product. */
function violation({ columns, y }: Design, { strength, weights }: Kink): number {
  const residual = y.map(
    (value, row) => value - columns.reduce((sum, column, c) => sum + column[row]! * weights[c]!, 0),
  );
  const greatest = Math.max(...columns.map((column) => Math.abs(dot(column, y)))) / y.length;
  const misses = columns.map((column, c) => {
    const product = dot(column, residual) / y.length;
    const sign = Math.sign(weights[c]!);
    return sign === 0 ? Math.max(0, Math.abs(product) - strength) : Math.abs(product - strength * sign);
  });
  return Math.max(...misses) / greatest;
}

const between = (above: Kink, below: Kink): Kink => ({
  strength: (above.strength + below.strength) / 2,
  weights: above.weights.map((weight, c) => (weight + below.weights[c]!) / 2),
});
const nonZero = ({ weights }: Kink): number[] => Array.from(weights.keys()).filter((c) => weights[c] !== 0);

describe("the path of the lasso", () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 3, max: 20 }),
    columns: fc.integer({ min: 1, max: 14 }),
    seed: fc.integer({ min: 1, max: 999 }),
  });

  it("has the best weights at each kink and between kinks, down to no penalty", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const design = aDesign(shape);
        const path = pathOf(design);
        path.forEach((kink, k) => {
          expect(violation(design, kink)).toBeLessThan(1e-8);
          if (k === 0) return;
          expect(kink.strength).toBeLessThan(path[k - 1]!.strength);
          expect(violation(design, between(path[k - 1]!, kink))).toBeLessThan(1e-8);
        });
        expect(nonZero(path[0]!)).toEqual([]);
        expect(path.at(-1)!.strength).toBeLessThan(1e-6);
      }),
      { numRuns: 150 },
    );
  });

  it("lets a column leave, and come back", () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
    const back = seeds.filter((seed) => {
      const sets = pathOf(aDesign({ rows: 20, columns: 14, seed })).map(nonZero);
      return sets.some((set, k) => {
        const left = (sets[k - 1] ?? []).filter((c) => !set.includes(c));
        return left.some((c) => sets.slice(k).some((later) => later.includes(c)));
      });
    });
    expect(back.length).toBeGreaterThan(0);
  });

  it("ends at the strength that is asked for, with the best weights there", () => {
    const design = aDesign({ rows: 12, columns: 5, seed: 3 });
    const whole = pathOf(design);
    for (const least of [whole[1]!.strength, (whole[1]!.strength + whole[2]!.strength) / 2]) {
      const path = pathOf(design, { least });
      expect(path.at(-1)!.strength).toBeCloseTo(least, 12);
      expect(violation(design, path.at(-1)!)).toBeLessThan(1e-9);
    }
    expect(pathOf(design, { least: whole[0]!.strength * 2 }).map(nonZero)).toEqual([[]]);
  });

  it("ends after as many kinks as it may have", () => {
    expect(pathOf(aDesign({ rows: 20, columns: 6, seed: 1 }), { maxIterations: 2 })).toHaveLength(3);
  });

  it.each([
    ["a column twice", (value: number) => value],
    ["a column and its opposite", (value: number) => 3 - value],
  ])("goes on past a column that adds nothing: %s", (_, copied) => {
    const draw = random(5);
    const plain = Array.from({ length: 15 }, () => [draw.uniform(), draw.uniform(), draw.uniform()]);
    const y = Float64Array.from(plain, ([a, b]) => 3 * a! - 2 * b! + draw.uniform());
    const [design, twice] = [plain, plain.map((row) => [...row, copied(row[0]!), copied(row[1]!)])].map((rows) => {
      const x = aMatrix(rows);
      return designOf(x, y, { rows: allRows(x), normalize: true });
    });
    const [path, other] = [pathOf(design!), pathOf(twice!)];
    expect(other.at(-1)!.strength).toBeLessThan(1e-6);
    other.forEach((kink) => expect(violation(twice!, kink)).toBeLessThan(1e-8));
    expect(other.length).toBeLessThan(path.length * 3);
  });
});

describe("a growing triangle", () => {
  it("solves for the columns that are there, whichever came and went", () => {
    const calls = fc.array(fc.integer({ min: -8, max: 11 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 99 }), (list, seed) => {
        const { columns } = aDesign({ rows: 20, columns: 12, seed });
        const here: number[] = [];
        const triangle = new GrowingTriangle();
        for (const call of list) {
          if (call < 0 && here.length > 0) {
            triangle.remove(-call % here.length);
            here.splice(-call % here.length, 1);
          } else if (call >= 0 && !here.includes(call)) {
            here.push(call);
            const own = Float64Array.from(here, (column) => dot(columns[column]!, columns[call]!));
            expect(triangle.add(own, 1e-7)).toBe(true);
          }
        }
        const wanted = here.map((column) => (column % 2 === 0 ? 1 : -1));
        const { solution, product } = triangle.solve(wanted);
        here.forEach((column, i) => {
          const sum = here.reduce(
            (total, other, k) => total + dot(columns[column]!, columns[other]!) * solution[k]!,
            0,
          );
          expect(sum).toBeCloseTo(wanted[i]!, 6);
        });
        const expected = wanted.reduce((sum, value, i) => sum + value * solution[i]!, 0);
        expect(Math.abs(product - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, product));
      }),
      { numRuns: 60 },
    );
  });

  it("does not take a column that those here can do without", () => {
    const triangle = new GrowingTriangle();
    expect(triangle.add(Float64Array.of(4), 1e-7)).toBe(true);
    expect(triangle.add(Float64Array.of(2, 1), 1e-7)).toBe(false);
    expect(triangle.add(Float64Array.of(2, 2), 1e-7)).toBe(true);
    expect(Array.from(triangle.solve([4, 2]).solution)).toEqual([1, 0]);
  });
});
