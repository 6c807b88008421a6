/** What the grower of a search's trees stands on: orders, draws, short numbers, lists of trees. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aMatrix } from "../../../test/builders/operators.ts";
import { random } from "../../../traintask/random.ts";
import { bootstrap, countedRows, subsample } from "./draw.ts";
import { NodeColumn } from "./node-column.ts";
import { decimalScale, short, shortBetween } from "./short.ts";
import { sortedTable } from "./sorted-table.ts";
import { countTrees, eachTree } from "./writer.ts";

const numbers = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(-0),
);

describe("a sorted table", () => {
  it("has the rows of each column ascending, equal ones by row, and each row's place", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 70 }), (rows) => {
        const table = sortedTable(aMatrix(rows));
        for (const c of [0, 1] as const) {
          const base = c * rows.length;
          const expected = [...rows.keys()].toSorted((a, b) => rows[a]![c] - rows[b]![c] || a - b);
          expect(Array.from(table.row.subarray(base, base + rows.length))).toEqual(expected);
          expected.forEach((row, place) => {
            expect(table.place[base + row]).toBe(place);
            expect(table.value[base + place]).toBe(rows[row]![c]);
          });
        }
      }),
    );
  });
});

describe("the rows of a node in the order of a column", () => {
  const random1 = random(1);
  const shuffled = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => i)
      .map((i) => [random1.uint32(), i] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, i]) => i);

  it.each([1, 2, 16, 17, 33, 100, 1000, 2500])("are sorted, of 2,500 rows: %d", (size) => {
    const values = shuffled(2500).map((x) => Math.floor(x / 3));
    const column = new NodeColumn(sortedTable(aMatrix(values.map((x) => [x]))));
    // Twice: nothing of a node is left for the next one.
    for (const node of [shuffled(2500).slice(0, size), shuffled(2500).slice(0, size)]) {
      const varies = column.read(0, { rows: Int32Array.from([9, ...node, 9]), start: 1, end: size + 1 });
      const sorted = node.map((row) => values[row]!).toSorted((a, b) => a - b);
      expect(varies).toBe(sorted[0] !== sorted.at(-1));
      expect([column.low, column.high]).toEqual([sorted[0], sorted.at(-1)]);
      column.sort();
      const table = sortedTable(aMatrix(values.map((x) => [x])));
      const found = Array.from(column.places.subarray(0, column.size), (place) => table.row[place]!);
      expect(found.toSorted((a, b) => a - b)).toEqual(node.toSorted((a, b) => a - b));
      expect(found.map((row) => values[row])).toEqual(sorted);
    }
  });

  it("have a first place above any threshold between the least and the greatest number", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 40 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (values, at) => {
          const table = sortedTable(aMatrix(values.map((x) => [x])));
          const column = new NodeColumn(table);
          fc.pre(column.read(0, { rows: Int32Array.from(values.keys()), start: 0, end: values.length }));
          const threshold = column.low + at * (column.high - column.low);
          fc.pre(threshold < column.high);
          expect(column.placeAbove(threshold)).toBe(values.filter((x) => x <= threshold).length);
        },
      ),
    );
  });
});

describe("short numbers", () => {
  it("lie where the exact ones do", () => {
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        const exact = low + share * (high - low);
        const found = shortBetween(exact, { low, high, scale: decimalScale(high - low, 1e6) });
        expect(found).toBeGreaterThanOrEqual(low);
        expect(found).toBeLessThan(high);
        // As read back from JSON, where -0 is 0.
        expect(JSON.parse(JSON.stringify(found))).toBe(found + 0);
      }),
    );
  });

  it("have few digits", () => {
    expect(short(0.123456789012, decimalScale(1, 1e6))).toBe(0.123457);
    expect(short(1234.56789012, decimalScale(1000, 1e6))).toBe(1234.568);
    expect(short(1.5e9 + 0.25, decimalScale(1e9, 1e6))).toBe(1.5e9);
  });

  it("are the exact ones where the range is too small for powers of ten that are exact", () => {
    expect(short(1.2345e-30, decimalScale(1e-29, 1e6))).toBe(1.2345e-30);
    expect(short(1.2345, decimalScale(0, 1e6))).toBe(1.2345);
  });
});

describe("draws", () => {
  it("of a bootstrap are as many as there are rows, each as likely", () => {
    const sums = new Float64Array(5);
    const counts = new Float64Array(5);
    for (let tree = 0; tree < 4000; tree++) {
      bootstrap(counts, random(3, tree));
      expect(counts.reduce((a, b) => a + b)).toBe(5);
      counts.forEach((count, row) => (sums[row]! += count));
    }
    for (const sum of sums) expect(Math.abs(sum - 4000)).toBeLessThan(4 * Math.sqrt(4000));
  });

  it("of a subsample are each set of so many rows, as likely", () => {
    const times = new Map<string, number>();
    const counts = new Float64Array(4);
    for (let tree = 0; tree < 6000; tree++) {
      subsample(counts, random(4, tree), 2);
      const key = Array.from(countedRows(counts, new Int32Array(4))).join();
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    expect([...times.keys()].toSorted()).toEqual(["0,1", "0,2", "0,3", "1,2", "1,3", "2,3"]);
    for (const count of times.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000));
  });
});

describe("trees in two lists", () => {
  it("come apart where each of them ends", () => {
    const trees = { feature: [2, -1, -1, -1, 0, 1, -1, -1, -1], threshold: [0.5, 1, 2], value: [1, 2, 3, 4, 5, 6] };
    expect(countTrees(trees)).toBe(3);
    expect(eachTree(trees)).toEqual([
      { feature: [2, -1, -1], threshold: [0.5], value: [1, 2] },
      { feature: [-1], threshold: [], value: [3] },
      { feature: [0, 1, -1, -1, -1], threshold: [1, 2], value: [4, 5, 6] },
    ]);
  });
});
