/** The kernels against the same loops in plain JavaScript. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BlockMemory, blockMemory, blockRows } from "./block-kernels.ts";

/** Rows of a node, not in the order of their numbers in the block: code, weight, content, and whether they go left. */
const nodes = fc
  .uniqueArray(fc.nat({ max: blockRows - 1 }), { minLength: 2, maxLength: blockRows, size: "max" })
  .chain((rows) =>
    fc.tuple(
      ...rows.map((row) =>
        fc.record({
          row: fc.constant(row),
          // Many alike, and the largest.
          code: fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: 250, max: 255 }), fc.nat({ max: 255 })),
          weight: fc.integer({ min: 1, max: 3 }),
          content: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
          goesLeft: fc.boolean(),
        }),
      ),
    ),
  );
type Row = (typeof nodes extends fc.Arbitrary<infer T> ? T : never)[number];

const entryOf = ({ row, code }: Row): number => (code << 8) | row;
const sorted = (node: readonly Row[]): Row[] => node.toSorted((a, b) => entryOf(a) - entryOf(b));

function put(memory: BlockMemory, order: number, node: readonly Row[]): void {
  node.forEach((row, i) => {
    memory.entries[order + i] = entryOf(row);
    memory.pairs.set([row.weight, row.content], 2 * row.row);
    memory.side[row.row] = row.goesLeft ? -1 : 0;
  });
  memory.total.set([sum(node, "weight"), sum(node, "content")]);
}
const sum = (rows: readonly Row[], of: "weight" | "content"): number => rows.reduce((all, row) => all + row[of], 0);
const listed = (memory: BlockMemory, order: number, rows: number): number[] =>
  Array.from(memory.entries.subarray(order, order + rows));

describe("the kernels", () => {
  it.each(["sortFew", "sortMany"] as const)("%s puts entries in order, and writes nothing beside them", (sort) => {
    const memory = blockMemory(1);
    const [to] = memory.orders;
    fc.assert(
      fc.property(nodes, (node) => {
        // In linear time entries of one code stay in their order, so they come by row.
        const unsorted = sort === "sortMany" ? node.toSorted((a, b) => a.row - b.row) : node;
        memory.unsorted.set(unsorted.map(entryOf));
        memory.entries.fill(7, to - 1, to + blockRows + 1);
        memory.kernels[sort](2 * node.length, 2 * to);
        expect(listed(memory, to, node.length)).toEqual(sorted(node).map(entryOf));
        expect(memory.entries[to - 1]).toBe(7);
        expect(memory.entries[to + node.length]).toBe(7);
      }),
    );
  });

  it("find the best of the cuts that leave enough rows on both sides", () => {
    const memory = blockMemory(1);
    const [order] = memory.orders;
    fc.assert(
      fc.property(nodes, fc.integer({ min: 1, max: 4 }), (unordered, least) => {
        fc.pre(unordered.length >= 2 * least);
        const node = sorted(unordered);
        put(memory, order, node);
        let best = { at: 0, score: -Infinity };
        node.forEach(({ code }, i) => {
          const [left, right] = [node.slice(0, i + 1), node.slice(i + 1)];
          if (left.length < least || right.length < least || right[0]!.code === code) return;
          const score =
            sum(left, "content") ** 2 / sum(left, "weight") + sum(right, "content") ** 2 / sum(right, "weight");
          if (score > best.score) best = { at: order + i, score };
        });
        const last = order + node.length - 1;
        const at = memory.kernels.scan(2 * order, 2 * (order + least - 1), 2 * (last - least + 1));
        expect({ at: at / 2, score: memory.score[0] }).toEqual(best);
      }),
    );
  });

  it("find the first of two cuts that are equally good", () => {
    const memory = blockMemory(1);
    const [order] = memory.orders;
    const node = [1, 0, 1].map((content, row) => ({ row, code: row, weight: 1, content, goesLeft: false }));
    put(memory, order, node);
    expect(memory.kernels.scan(2 * order, 2 * order, 2 * (order + 2))).toBe(2 * order);
    expect(memory.score[0]).toBe(1.5);
  });

  it("divide each order by the rows' sides, and keep both parts in order", () => {
    const memory = blockMemory(3);
    const [from, to] = memory.orders;
    fc.assert(
      fc.property(nodes, (node) => {
        const orders = [node, sorted(node), node.toReversed()];
        memory.entries.fill(7, to);
        orders.forEach((rows, k) => put(memory, from + k * blockRows, rows));
        const leftRows = node.filter(({ goesLeft }) => goesLeft).length;
        memory.kernels.divide(2 * from, 2 * to, 2 * node.length, 2 * leftRows, orders.length);
        orders.forEach((rows, k) => {
          const divided = [...rows.filter(({ goesLeft }) => goesLeft), ...rows.filter(({ goesLeft }) => !goesLeft)];
          expect(listed(memory, to + k * blockRows, node.length)).toEqual(divided.map(entryOf));
          if (node.length < blockRows) expect(memory.entries[to + k * blockRows + node.length]).toBe(7);
        });
      }),
    );
  });
});
