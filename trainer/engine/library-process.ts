/**
 * The process that runs ml-random-forest for grower-process.ts: it keeps the table and answers each draw with its tree. It
 * cannot hear while a tree grows; after that it ends by itself if nobody is there any more, as nothing else keeps it.
 */
import type { LibraryAnswer, LibraryOrder } from "./grower-process.ts";
import { growLibraryTree, type LibraryTable } from "./library-tree.ts";

let table: LibraryTable | undefined;

process.on("message", (order: LibraryOrder) => {
  if ("table" in order) table = order.table;
  else process.send?.(answerTo(order));
});

function answerTo({ draw }: Extract<LibraryOrder, { draw: unknown }>): LibraryAnswer {
  try {
    if (table === undefined) throw new Error("there is no table");
    return { tree: growLibraryTree(table, draw) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
