/**
 * The trees of a forest, each from the data, the options, the seed and its index alone: so several threads grow them on
 * one table in shared memory, and the bytes are the same for any number of them. The thread that grew a tree also finds
 * the leaves of the rows that it did not see: what is left to one thread is to add up votes.
 */
import { availableMemory } from "node:process";
import { writeLine } from "../model/write.ts";
import { ConfigurationError } from "./errors.ts";
import { type ForestInput, forestOf, ForestOptionError, shareForest, type SharedForest } from "./forest/forest.ts";
import type { Growth } from "./growth.ts";
import { treePool } from "./tree-pool.ts";

/** @throws ConfigurationError naming the option that does not fit the data */
export function forestGrowth(input: ForestInput, { threads }: { threads: number }): Growth {
  const shared = orRefuse(() => shareForest(input));
  const trees = input.options.nEstimators;
  const size = { rows: shared.header.rows, columns: shared.header.columns.length, trees };
  const growers = growingThreads(size, { threads, freeBytes: availableMemory() });
  const grown = growers === 1 ? onThisThread(shared) : treePool(shared, { threads: growers });
  return {
    header: { trainer: "randomForest", ...shared.header },
    unit: "trees",
    total: trees,
    ahead: 2 * growers,
    votes: () => forestOf(shared),
    ...grown,
  };
}

function onThisThread(shared: SharedForest): Pick<Growth, "grow" | "take" | "close"> {
  const forest = forestOf(shared);
  return {
    async grow(index) {
      const line = forest.growTree(index);
      return { line, text: writeLine(line) };
    },
    take: async (line) => ({ line }),
    close: async () => undefined,
  };
}

/** Cells of the table times trees that one thread is done with before others have started. */
const smallForest = 5_000_000;
/** What a thread takes by itself, and per row of the table, in bytes. */
const threadBytes = 24 << 20;
const rowBytes = 64;

/** How many threads are worth their start, and fit into half of the free memory. */
export function growingThreads(
  { rows, columns, trees }: { rows: number; columns: number; trees: number },
  { threads, freeBytes }: { threads: number; freeBytes: number },
): number {
  if (rows * columns * trees < smallForest) return 1;
  const fitting = Math.floor(freeBytes / 2 / (threadBytes + rowBytes * rows));
  return Math.max(1, Math.min(threads, trees, fitting));
}

function orRefuse<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof ForestOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.randomForest.${error.message}`, { cause: error });
  }
}
