import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { ConfigurationError, OutOfMemoryError, StoppedError, TemporaryError } from "./errors.ts";
import { grownLines } from "./grown-lines.ts";
import { trainingRequest, type TrainingRequest } from "./request.ts";
import { threadGrower } from "./thread.ts";
import { decodeError, encodeError } from "./thread-error.ts";
import { training } from "./training.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "thread-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function request(overrides: { randomForest?: object; dataset?: object } = {}): TrainingRequest {
  const { randomForest = { nEstimators: 5 }, dataset = { synthetic: {}, testFraction: "0.2" } } = overrides;
  return trainingRequest(
    podConfigSchema.parse({ trainer: { randomForest }, dataset, seed: 3, maxModelBytes: 1 << 30 }),
  );
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe("the training thread", () => {
  test("answers what the same training answers on this thread, byte for byte", async () => {
    await using thread = threadGrower({ request: request(), access: {} });
    const here = training(request(), { openDataset: () => [] });
    expect(await thread.prepare()).toEqual(await here.prepare());
    const stored = await here.grow(0);
    expect(await thread.add(stored!.text)).toEqual(stored!.snapshot);
    for (let tree = 1; tree < 5; tree++) expect(await thread.grow(tree)).toEqual(await here.grow(tree));
    expect(await thread.report()).toBe(await here.report());
  });

  test("is not started before it is asked for anything, nor when it was closed", async () => {
    let started = 0;
    const count = (): number => (started += 1);
    process.on("worker", count);
    try {
      const unasked = threadGrower({ request: request(), access: {} });
      await unasked.close();
      await expect(unasked.prepare()).rejects.toThrow(StoppedError);
      expect(started).toBe(0);
      await using asked = threadGrower({ request: request(), access: {} });
      await asked.prepare();
      expect(started).toBe(1);
    } finally {
      process.off("worker", count);
    }
  });

  test("serves calls in the order in which they were made", async () => {
    await using thread = threadGrower({ request: request(), access: {} });
    const calls = [thread.prepare(), ...[0, 1, 2, 3, 4].map((tree) => thread.grow(tree)), thread.report()];
    const answers = await Promise.all(calls);
    expect(answers.slice(1, 6)).toMatchObject([0, 1, 2, 3, 4].map((index) => ({ index })));
  });

  test("answers the same, byte for byte, however many threads grow", async () => {
    const asked = {
      randomForest: { nEstimators: 1500, maxDepth: 2 },
      dataset: { synthetic: { kind: "friedman1", rows: 500, columns: 10 }, testFraction: "0.2" },
    };
    await using several = threadGrower({ request: request(asked), access: {} }, { threads: 3 });
    await using one = threadGrower({ request: request(asked), access: {} });
    const { ahead, ...prepared } = await several.prepare();
    expect(ahead).toBeGreaterThan(3);
    expect(await one.prepare()).toMatchObject(prepared);
    const [stored] = await all(grownLines(one, { indices: prepared.indices.slice(0, 1), ahead: 1 }));
    expect(await several.add(stored!.text)).toEqual(stored!.snapshot);
    const rest = prepared.indices.slice(1);
    expect(await all(grownLines(several, { indices: rest, ahead }))).toEqual(
      await all(grownLines(one, { indices: rest, ahead: 2 })),
    );
    expect(await several.report()).toBe(await one.report());
  });

  test("rejects with the error's own class", async () => {
    await using bad = threadGrower({ request: request({ dataset: { csv: "x,y\n1,\n", target: "y" } }), access: {} });
    const error: unknown = await bad.prepare().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ message: /^row 1/, position: { row: 1, line: 2, column: "y" } });
    const uri = `traintask://datasets/sha256:${"a".repeat(64)}`;
    await using noApi = threadGrower({ request: request({ dataset: { uri, target: "y" } }), access: {} });
    await expect(noApi.prepare()).rejects.toThrow(ConfigurationError);
  });

  test("names the option that does not fit the data", async () => {
    await using thread = threadGrower({ request: request({ randomForest: { maxSamples: "700" } }), access: {} });
    await expect(thread.prepare()).rejects.toThrow(/^spec\.trainer\.randomForest\.maxSamples: 700 rows cannot/);
  });

  test("whose heap is full rejects with OutOfMemoryError", async () => {
    // Numbers stand outside of the heap; as many different texts stand in it.
    const file = path.join(directory, "texts.csv");
    writeFileSync(
      file,
      `t,y\n${Array.from({ length: 400_000 }, (_, row) => `text number ${row},${row % 2}\n`).join("")}`,
    );
    const dataset = { target: "y", columns: [{ name: "t", type: "category" }] };
    await using thread = threadGrower({ request: request({ dataset }), access: { file } }, { maxHeapMb: 24 });
    await expect(thread.prepare()).rejects.toThrow(OutOfMemoryError);
    await expect(thread.grow(0)).rejects.toThrow(OutOfMemoryError);
  });

  test("that is closed rejects what waits, and ends in the middle of a tree", async () => {
    const dataset = { synthetic: { kind: "friedman1", rows: 50_000, columns: 20 } };
    const thread = threadGrower({ request: request({ dataset }), access: {} });
    await thread.prepare();
    const growing = thread.grow(0).catch((reason: unknown) => reason);
    await thread.close();
    expect(await growing).toBeInstanceOf(StoppedError);
    await expect(thread.grow(1)).rejects.toThrow(StoppedError);
  });
});

describe("errors that cross the border", () => {
  const errors: Record<string, Error> = {
    DataError: new DataError("bad cell", { row: 1, line: 2, column: "x" }),
    ConfigurationError: new ConfigurationError("no", { advice: "do this" }),
    TemporaryError: new TemporaryError("later"),
    OutOfMemoryError: new OutOfMemoryError("full"),
    StoppedError: new StoppedError("stopped"),
    RangeError: new RangeError("out of range"),
  };
  test.each(Object.entries(errors))("%s keeps its message", (_, error) => {
    const restored = decodeError(structuredClone(encodeError(error)));
    expect(restored.message).toBe(error.message);
    if (!(error instanceof RangeError)) expect(restored).toEqual(error);
  });

  test("an error that nobody foresaw keeps its stack", () => {
    const error = new Error("a bug");
    expect(decodeError(encodeError(error)).stack).toBe(error.stack);
  });

  test("what is no error becomes one", () => {
    expect(decodeError(encodeError("thrown text"))).toEqual(new Error("thrown text"));
  });
});
