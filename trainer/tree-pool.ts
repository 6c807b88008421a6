/** The threads that grow the trees of one forest (tree-worker.ts), on its one table in shared memory. */
import type { TreeLine } from "../model/format.ts";
import type { SharedForest } from "./forest/forest.ts";
import type { Countable, Growth, MadeLine } from "./growth.ts";
import { workerPool } from "./pool.ts";

/** To grow a tree, or to find the leaves of one that is stored. */
export type TreeCall = { readonly grow: number } | { readonly take: TreeLine };

export interface TreePoolOptions {
  readonly threads: number;
  /** Bound of each thread's JavaScript heap; node's own choice if absent. */
  readonly maxHeapMb?: number;
}

export function treePool(shared: SharedForest, options: TreePoolOptions): Pick<Growth, "grow" | "take" | "close"> {
  const pool = workerPool<TreeCall>(new URL("./tree-worker.ts", import.meta.url), { workerData: shared, ...options });
  return {
    grow: (index) => pool.call<MadeLine>({ grow: index }),
    async take(line) {
      if (line.kind !== "tree") throw new TypeError(`a forest has no ${line.kind}`);
      const { leaves } = await pool.call<Pick<Countable, "leaves">>({ take: line });
      return { line, leaves };
    },
    close: () => pool.close(),
  };
}
