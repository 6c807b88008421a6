/** The solvers of linear support vector machines: where they agree, what they look at, and when they stop. */
import { describe, expect, it } from "vitest";
import { aMatrix } from "../../test/builders/operators.ts";
import { random } from "../../traintask/random.ts";
import { Active } from "./active.ts";
import { shuffler } from "./shuffle.ts";
import { dualSvc, dualSvr } from "./svm-dual.ts";
import { l1Svc } from "./svm-l1.ts";
import { newtonSvm } from "./svm-newton.ts";
import { favoursNewton, withOnes } from "./svm.ts";

const drawn = random(3);
const cloud = Array.from({ length: 40 }, () => Array.from({ length: 3 }, () => drawn.uniform() * 2 - 1));
const signs = Float64Array.from(cloud, ([a, b], i) => (a! + 0.5 * b! > (i % 5 === 0 ? 0.4 : -0.1) ? 1 : -1));
const values = Float64Array.from(cloud, ([a, b, c], i) => 3 * a! - b! + 0.2 * c! + (i % 3));
/** How many rows, or columns, each round of a solver looks at. */
function lengths(solve: (shuffle: (order: Int32Array) => void) => unknown): number[] {
  const found: number[] = [];
  const shuffle = shuffler(1);
  solve((order) => {
    found.push(order.length);
    shuffle(order);
  });
  return found;
}
const problem = { x: withOnes(aMatrix(cloud)), C: 0.5, tolerance: 1e-10, shuffle: shuffler(1) };

describe("machines", () => {
  const close = (found: Float64Array, expected: Float64Array): void =>
    found.forEach((weight, c) => expect(weight).toBeCloseTo(expected[c]!, 7));

  it("find the same weights by the dual as by Newton's method", () => {
    const newton = newtonSvm({ ...problem, y: signs, miss: (output, y) => (y * output < 1 ? output - y : 0) });
    close(dualSvc({ ...problem, y: signs, loss: "squared" }), newton);
    const epsilon = 0.3;
    const miss = (output: number, y: number) => Math.sign(output - y) * Math.max(0, Math.abs(output - y) - epsilon);
    const numbers = newtonSvm({ ...problem, y: values, miss });
    close(dualSvr({ ...problem, y: values, epsilon, loss: "squared" }), numbers);
  });
  it("weigh no row by more than C where the loss is plain", () => {
    const small = { ...problem, C: 1e-6, y: signs };
    const most = cloud.length * 1e-6 * Math.sqrt(4);
    expect(Math.hypot(...dualSvc({ ...small, loss: "plain" }))).toBeLessThan(most);
    expect(Math.hypot(...dualSvr({ ...small, epsilon: 0, loss: "plain" }))).toBeLessThan(most);
  });
  it("put no weight on what does not help, with a penalty on absolute values", () => {
    const noise = withOnes(aMatrix(cloud.map(([a], row) => [a!, Math.sin(row * row)])));
    const y = Float64Array.from(cloud, ([a]) => (a! > 0 ? 1 : -1));
    expect(l1Svc({ ...problem, x: noise, y, C: 0.05 })[1]).toBe(0);
    expect(l1Svc({ ...problem, x: noise, y, C: 0.05 })[0]).toBeGreaterThan(0);
    expect(l1Svc({ ...problem, x: noise, y, C: 1e-4 })).toEqual(new Float64Array(3));
  });
  it("stop sooner where less is asked of them", () => {
    const rounds = (tolerance: number) =>
      lengths((shuffle) => dualSvc({ ...problem, y: signs, loss: "plain", tolerance, shuffle })).length;
    expect(rounds(0.1)).toBeLessThan(rounds(1e-6));
  });
  it("look at all rows again before they stop", () => {
    const plain = { ...problem, C: 1, loss: "plain" as const };
    for (const found of [
      lengths((shuffle) => dualSvc({ ...plain, y: signs, tolerance: 1e-3, shuffle })),
      lengths((shuffle) => dualSvr({ ...plain, y: values, epsilon: 0.5, tolerance: 1e-3, shuffle })),
    ]) {
      expect(Math.min(...found)).toBeLessThan(cloud.length);
      expect(found.at(-1)).toBe(cloud.length);
    }
  });
  it("pass over no column for good, though a tolerance is never met", () => {
    const wide = withOnes(
      aMatrix(cloud.map((row, i) => [...row, ...row.map((value, c) => value + Math.sin(i * (c + 2)))])),
    );
    const found = lengths((shuffle) => l1Svc({ ...problem, x: wide, y: signs, tolerance: 0, shuffle }));
    const whole = [...found.keys()].filter((round) => found[round] === wide.columns);
    expect(whole.length).toBeLessThan(500);
    expect(
      Math.max(...whole.map((round, i) => round - (whole[i - 1] ?? 0)), found.length - whole.at(-1)!),
    ).toBeLessThan(102);
  });
  it("take Newton's method where its table is small", () => {
    const shape = (rows: number, columns: number) => ({ rows, columns: columns + 1, values: new Float64Array(0) });
    expect([shape(10, 10), shape(9, 10), shape(500, 200), shape(500, 201)].map(favoursNewton)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("rows that rest", () => {
  it("are passed over until all are woken", () => {
    const active = new Active(3);
    expect(active.wake()).toBe(false);
    active.rest(0);
    expect([active.count, active.at(0), active.at(1)]).toEqual([2, 2, 1]);
    expect(active.wake()).toBe(true);
    expect(new Set([0, 1, 2].map((place) => active.at(place)))).toEqual(new Set([0, 1, 2]));
  });
});
