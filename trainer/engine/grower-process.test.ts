import { afterEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { systemClock, type TrainerClock } from "../clock.ts";
import { GrowerProcess, processLimits, type ProcessLimits } from "./grower-process.ts";
import { growLibraryTree, type LibraryDraw, type LibraryTable } from "./library-tree.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const table: LibraryTable = {
  cells: Float64Array.of(1, 2, 3, 4, 5, 6),
  columns: 1,
  truth: Float64Array.of(1, 1, 3, 3, 9, 8),
  classes: 0,
  maxDepth: Infinity,
  minSamplesSplit: 2,
};
const draw: LibraryDraw = { seed: 1, rows: Uint32Array.of(0, 1, 1, 2, 3, 5) };

const started: GrowerProcess[] = [];
function start(limits: Partial<ProcessLimits> = {}, clock?: TrainerClock): GrowerProcess {
  const grower = new GrowerProcess(table, { ...processLimits, ...limits }, clock);
  started.push(grower);
  return grower;
}
afterEach(() => started.splice(0).forEach((grower) => grower.close()));

/** Of a process that was killed and waited for, nothing is left. */
async function gone(pid: number | undefined): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid!, 0)).toThrow("ESRCH"), { timeout: 60_000, interval: 20 });
}
const failureOf = (grown: Promise<unknown>): Promise<unknown> =>
  grown.then(
    (tree) => tree,
    (error: unknown) => error,
  );

describe("the library's process", () => {
  test("grows what the library grows here, tree after tree, until it is closed", async () => {
    const grower = start();
    const { pid } = grower;
    expect(pid).not.toBe(process.pid);
    for (const seed of [1, 2])
      expect(await grower.grow({ ...draw, seed })).toEqual(growLibraryTree(table, { ...draw, seed }));
    grower.close();
    await gone(pid);
    await expect(grower.grow(draw)).rejects.toThrow("the engine's process was closed");
  });

  test("is asked for one tree at a time, however many are wanted at once", async () => {
    const grower = start();
    const draws = [1, 2, 3].map((seed) => ({ ...draw, seed }));
    const trees = await Promise.all(draws.map((each) => grower.grow(each)));
    expect(trees).toEqual(draws.map((each) => growLibraryTree(table, each)));
  });

  test("is ended when it works too long, and the failure says so", async () => {
    let asked = 0;
    const clock = { ...systemClock, monotonic: () => (asked++ === 0 ? 0 : 120_001) };
    const grower = start({ timeMs: 120_000 }, clock);
    const error = await failureOf(grower.grow(draw));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({
      message:
        "spec.trainer.randomForest.engine: ml-random-forest did not grow its trees within 2 minutes, and its process was ended.",
      advice: expect.stringContaining("engine: histogram"),
    });
    await gone(grower.pid);
    await expect(grower.grow(draw)).rejects.toBe(error);
  });

  test("has a time for all its trees, not for each", async () => {
    let now = 0;
    const grower = start({ timeMs: 1000 }, { ...systemClock, monotonic: () => now });
    const grow = (): Promise<unknown> => {
      const grown = failureOf(grower.grow(draw));
      // Its turn comes, and with it the first look at the clock.
      setImmediate(() => (now += 600));
      return grown;
    };
    expect(await grow()).toEqual(growLibraryTree(table, draw));
    // The second may be ended or be quick enough to be there before anybody looks; the third may not even begin.
    await grow();
    expect(await grow()).toBeInstanceOf(ConfigurationError);
  });

  test("is ended when it takes too much memory, and the failure says so", async () => {
    // Node.js gets on with so small a heap, and takes more memory than that all in all.
    const often = { ...systemClock, sleep: (_: number, until?: AbortSignal) => systemClock.sleep(1, until) };
    const grower = start({ memoryBytes: 30 << 20 }, often);
    expect(await failureOf(grower.grow(draw))).toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("took more than 30 MiB of memory"),
    });
    await gone(grower.pid);
  });

  const fullHeap = ["SIGABRT", "SIGTRAP"] as const;
  test.each(fullHeap)("has passed its memory's limit too where Node ended it for its full heap: %s", async (signal) => {
    const grower = start();
    await grower.grow(draw);
    const grown = failureOf(grower.grow(draw));
    process.kill(grower.pid!, signal);
    await grown;
    await gone(grower.pid);
    expect(await failureOf(grower.grow(draw))).toMatchObject({
      message: expect.stringContaining("more than 1024 MiB"),
    });
  });

  test("that ends otherwise is a failure with its reason, not a hang", async () => {
    const grower = start();
    process.kill(grower.pid!, "SIGKILL");
    expect(await failureOf(grower.grow(draw))).toMatchObject({
      message: expect.stringMatching(/ended by itself|EPIPE|closed/),
    });
  });

  test("hands on what the library throws, and goes on", async () => {
    const grower = start();
    await expect(grower.grow({ seed: 0.5, rows: draw.rows })).rejects.toThrow("ml-random-forest failed: Expected seed");
    expect(await grower.grow(draw)).toEqual(growLibraryTree(table, draw));
  });
});
