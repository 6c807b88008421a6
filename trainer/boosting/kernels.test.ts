import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aNumberColumn } from "../../test/builders/forest.ts";
import { codeMatrix } from "../forest/matrix.ts";
import { Arena } from "./arena.ts";

/** Codes by column and row, a content for each row, and a part of the rows. */
const tables = fc.integer({ min: 2, max: 40 }).chain((rows) =>
  fc.record({
    columns: fc.array(fc.array(fc.oneof(fc.nat({ max: 5 }), fc.constant(NaN)), { minLength: rows, maxLength: rows }), {
      minLength: 1,
      maxLength: 9,
    }),
    content: fc.array(
      fc.maxSafeInteger().map((x) => Math.floor(x / 64)),
      { minLength: 2 * rows, maxLength: 2 * rows },
    ),
    start: fc.nat({ max: rows - 1 }),
    length: fc.integer({ min: 1, max: rows }),
  }),
);

function arenaOf(columns: readonly (readonly number[])[], content: readonly number[]): Arena {
  const rows = columns[0]!.length;
  const named = columns.map((values, c) => aNumberColumn(values, `x${c}`));
  const matrix = codeMatrix(
    named,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
  const arena = new Arena(matrix, { training: rows, histograms: 4 });
  arena.content.set(content);
  arena.restart();
  return arena;
}
const codeAt = (arena: Arena, row: number, place: number): number => arena.codes[row * arena.codesPerRow + place]!;

/** The same sums in plain JavaScript. */
function sums(arena: Arena, rows: readonly number[]): Float64Array {
  const histogram = new Float64Array(arena.slotLength);
  for (const row of rows) {
    for (let place = 0; place < arena.codesPerRow; place++) {
      const at = (place * 256 + codeAt(arena, row, place)) * 2;
      histogram[at] = histogram[at]! + arena.content[row * 2]!;
      histogram[at + 1] = histogram[at + 1]! + arena.content[row * 2 + 1]!;
    }
  }
  return histogram;
}
const slot = (arena: Arena, index: number): Float64Array =>
  arena.histograms.subarray(index * arena.slotLength, (index + 1) * arena.slotLength);

describe("the kernels", () => {
  it("fill a histogram with the sums of the rows, and nothing beside it", () => {
    fc.assert(
      fc.property(tables, ({ columns, content, start, length }) => {
        const arena = arenaOf(columns, content);
        const end = Math.min(arena.training, start + length);
        arena.histograms.fill(7);
        arena.fill({ start, end }, 1);
        expect(slot(arena, 1)).toEqual(sums(arena, Array.from(arena.order.subarray(start, end))));
        expect(slot(arena, 0).every((x) => x === 7)).toBe(true);
        expect(slot(arena, 2).every((x) => x === 7)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("leave, of a node less one child, the histogram of the other", () => {
    fc.assert(
      fc.property(tables, ({ columns, content, length }) => {
        const arena = arenaOf(columns, content);
        const middle = Math.min(arena.training - 1, length);
        arena.fill({ start: 0, end: arena.training }, 0);
        arena.fill({ start: 0, end: middle }, 2);
        arena.subtract(0, 2);
        arena.fill({ start: middle, end: arena.training }, 1);
        expect(slot(arena, 0)).toEqual(slot(arena, 1));
      }),
      { numRuns: 50 },
    );
  });

  it("divide a stretch by a column, each side ascending, missing values where the cut says", () => {
    const cuts = fc.record({ place: fc.nat(), bin: fc.nat({ max: 5 }), missingLeft: fc.boolean() });
    fc.assert(
      fc.property(tables, cuts, ({ columns, content, start, length }, { place: any, bin, missingLeft }) => {
        const arena = arenaOf(columns, content);
        if (arena.columns.length === 0) return;
        const place = any % arena.columns.length;
        const end = Math.min(arena.training, start + length);
        const before = Array.from(arena.order);
        const middle = arena.partition({ start, end }, { place, bin, missingLeft });
        const goesLeft = (row: number): boolean => {
          const code = codeAt(arena, row, place);
          return code === 255 ? missingLeft : code <= bin;
        };
        const rows = before.slice(start, end);
        const after = [
          ...before.slice(0, start),
          ...rows.filter(goesLeft),
          ...rows.filter((row) => !goesLeft(row)),
          ...before.slice(end),
        ];
        expect(Array.from(arena.order)).toEqual(after);
        expect(middle).toBe(start + rows.filter(goesLeft).length);
      }),
    );
  });

  it("take the highest bin and the last of many columns", () => {
    const rows = 600;
    const columns = Array.from({ length: 70 }, (_, c) => Array.from({ length: rows }, (__, r) => ((r + c) % 255) * 3));
    const arena = arenaOf(
      columns,
      Array.from({ length: 2 * rows }, (_, i) => i),
    );
    arena.fill({ start: 0, end: rows }, 0);
    expect(slot(arena, 0)).toEqual(sums(arena, Array.from(arena.order)));
    expect(arena.partition({ start: 0, end: rows }, { place: 69, bin: 254, missingLeft: false })).toBe(rows);
    expect(arena.partition({ start: 0, end: rows }, { place: 69, bin: 254, missingLeft: true })).toBe(rows);
  });
});
