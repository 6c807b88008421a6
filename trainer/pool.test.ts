import { describe, expect, test } from "vitest";
import { aForestInput, friedman } from "../test/builders/forest.ts";
import { writeLine } from "../model/write.ts";
import { OutOfMemoryError, StoppedError } from "./errors.ts";
import { forestOf, shareForest, type SharedForest } from "./forest/forest.ts";
import { growingThreads } from "./forest-growth.ts";
import { workerPool } from "./pool.ts";
import { treePool } from "./tree-pool.ts";

const input = (overrides: Parameters<typeof aForestInput>[0] = {}) =>
  aForestInput({ ...friedman({ rows: 300, columns: 5 }), seed: 3, ...overrides });
const shared = (): SharedForest => shareForest(input({ options: { nEstimators: 12, bootstrap: true } }));

/** A thread that fills its heap when it is asked for anything. */
const hungry = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    const eaten = [];
    parentPort.on("message", () => { for (;;) eaten.push(Array.from({ length: 1000 }, Math.random)); });
  `)}`,
);

describe("a pool of threads", () => {
  test("grows the very trees that one thread does, and finds the leaves of the rows that each did not see", async () => {
    const forest = forestOf(shared());
    const pool = treePool(shared(), { threads: 3 });
    const grown = await Promise.all(Array.from({ length: 12 }, (_, tree) => pool.grow(tree)));
    for (const [tree, made] of grown.entries()) {
      const line = forest.growTree(tree);
      expect(made).toEqual({ line, text: writeLine(line), leaves: forest.outOfBagLeaves(line) });
    }
    const [first] = grown;
    expect(await pool.take(first!.line)).toEqual({ line: first!.line, leaves: first!.leaves });
    await pool.close();
  });

  test("counts the same votes whoever has found the leaves", () => {
    const [one, other] = [forestOf(shared()), forestOf(shared())];
    for (let tree = 0; tree < 12; tree++) {
      const line = one.growTree(tree);
      one.addOutOfBag(line);
      other.addOutOfBag(line, one.outOfBagLeaves(line));
    }
    expect(other.outOfBagPredictions()).toEqual(one.outOfBagPredictions());
    expect(other.outOfBag()).toEqual(one.outOfBag());
  });

  test("finds no leaves without bootstrap", async () => {
    const pool = treePool(shareForest(input()), { threads: 1 });
    expect(await pool.grow(0)).toMatchObject({ leaves: undefined });
    await pool.close();
  });

  test("ends in the middle of trees: what waits and what comes later is rejected", async () => {
    const large = shareForest(aForestInput({ ...friedman({ rows: 50_000, columns: 20 }), seed: 1 }));
    const pool = treePool(large, { threads: 2 });
    const waiting = Promise.allSettled([0, 1, 2, 3].map((tree) => pool.grow(tree)));
    await pool.close();
    for (const { status, reason } of (await waiting) as PromiseRejectedResult[]) {
      expect(status).toBe("rejected");
      expect(reason).toBeInstanceOf(StoppedError);
    }
    await expect(pool.grow(4)).rejects.toThrow(StoppedError);
  });

  test("says that memory is full when a thread's heap is", async () => {
    const pool = workerPool<string>(hungry, { workerData: undefined, threads: 2, maxHeapMb: 16 });
    await expect(pool.call("eat")).rejects.toThrow(OutOfMemoryError);
    await pool.close();
  });

  test("shares one table: no thread has a copy", () => {
    const { matrix } = shared();
    expect(matrix.codes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe("the number of threads", () => {
  const size = { rows: 100_000, columns: 20, trees: 100 };
  test("is what there is, for a forest that is worth it", () => {
    expect(growingThreads(size, { threads: 8, freeBytes: 2 ** 33 })).toBe(8);
  });
  test("is one for a forest that is grown before another thread has started", () => {
    expect(growingThreads({ rows: 150, columns: 4, trees: 200 }, { threads: 8, freeBytes: 2 ** 33 })).toBe(1);
  });
  test("is not more than there are trees", () => {
    expect(growingThreads({ ...size, trees: 3 }, { threads: 8, freeBytes: 2 ** 33 })).toBe(3);
  });
  test("is not more than fit into half of the free memory", () => {
    expect(growingThreads(size, { threads: 64, freeBytes: 2 ** 28 })).toBe(4);
    expect(growingThreads(size, { threads: 64, freeBytes: 2 ** 20 })).toBe(1);
  });
});
