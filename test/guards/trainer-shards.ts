/** Guards of trainer/: what several pods and threads, and several attempts, come to one model by. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a line that is not the shard's next one is never counted",
    file: "trainer/training.ts",
    find: "if (indexOf(line) !== expected)",
    replace: "if (expected === -1)",
    test: "trainer/shards.test.ts",
  },
  {
    name: "lines that several threads grow are counted in the order of their index",
    file: "trainer/training.ts",
    find: "return inTurn(async () => (await running()).countGrown(index, await made));",
    replace: "return made.then(async (grown) => (await running()).countGrown(index, grown));",
    test: "trainer/thread.test.ts",
  },
  {
    name: "parts of other data or of another task are never counted together",
    file: "trainer/whole-report.ts",
    find: "if (!continues(part, header))",
    replace: "if (part.header === undefined)",
    test: "trainer/shards.test.ts",
  },
  {
    name: "the report on all parts counts each line once",
    file: "trainer/whole-report.ts",
    find: "  await grower.recount();\n",
    replace: "",
    test: "trainer/shards.test.ts",
  },
  {
    name: "a part that ends too early has no report",
    file: "trainer/whole-report.ts",
    find: "    if (line.done === true)\n",
    replace: "    if (line.done === true) break;\n    if (index < 0)\n",
    test: "trainer/shards.test.ts",
  },
  {
    name: "a part whose reading broke off is read on",
    file: "trainer/part-lines.ts",
    find: "await retrying(() => fetchWindow(api, { shard, at: offset }, windowBytes), patience)",
    replace: "await fetchWindow(api, { shard, at: offset }, windowBytes)",
    test: "trainer/shards.test.ts",
  },
  {
    name: "early stopping is the end of the training",
    file: "trainer/grow-part.ts",
    find: "  progress.complete();\n",
    replace: "",
    test: "trainer/boosting-run.test.ts",
  },
  {
    name: "a stored iteration is replayed before another is grown",
    file: "trainer/boosting-growth.ts",
    find: 'if (line.kind === "iteration") boosting.replay(line);',
    replace: "",
    test: "trainer/boosting-run.test.ts",
  },
  {
    name: "no more threads grow than fit into memory",
    file: "trainer/forest-growth.ts",
    find: "Math.min(threads, trees, fitting)",
    replace: "Math.min(threads, trees)",
    test: "trainer/pool.test.ts",
  },
  {
    name: "the limit of a group above the container's counts too",
    file: "trainer/cores.ts",
    find: "[group, ...withAncestors(path.dirname(group))]",
    replace: "[group]",
    test: "trainer/cores.test.ts",
  },
  {
    name: "iterations are not shared out",
    file: "trainer/request.ts",
    find: 'if (share.shards > 1 && asked.trainer !== "randomForest")',
    replace: "if (share.shards < 1)",
    test: "trainer/source.test.ts",
  },
];
