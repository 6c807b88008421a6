import { describe, expect, test } from "vitest";
import { maxChunkBytes } from "../traintask/contract.ts";
import type { UploadOptions } from "./chunk-sender.ts";
import type { TrainerClock } from "./clock.ts";
import { TemporaryError } from "./errors.ts";
import { type ScriptedApi, scriptedApi } from "./scripted-api.ts";
import { hastyClock } from "./scripted-clock.ts";
import { Upload } from "./upload.ts";

const uploadTo = (api: ScriptedApi, overrides: Partial<UploadOptions> = {}): Upload =>
  new Upload({ api, clock: hastyClock(), stream: "model", shard: 0, offset: 0, patienceMs: 60_000, ...overrides });
const sizes = (api: ScriptedApi): number[] => api.part("model").chunks.map(({ bytes }) => bytes.length);

/** Waits never end by themselves: only what is full or asked for is sent. */
const stoppedClock = (): TrainerClock => ({
  ...hastyClock(),
  sleep: (_, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) resolve();
      signal?.addEventListener("abort", () => resolve());
    }),
});

describe("Upload", () => {
  test("gathers lines into chunks of whole lines, of a MiB at most", async () => {
    const api = scriptedApi();
    const stream = uploadTo(api, { clock: stoppedClock() });
    const line = "x".repeat(99);
    for (let i = 0; i < 25_000; i++) stream.add(line);
    expect(stream.length).toBe(2_500_000);
    await stream.finish();
    expect(api.bytes("model")).toHaveLength(2_500_000);
    expect(sizes(api)).toHaveLength(3);
    for (const size of sizes(api)) expect([size <= maxChunkBytes, size % 100]).toEqual([true, 0]);
  });

  test("sends what is there after a second, full or not", async () => {
    const api = scriptedApi();
    const clock = hastyClock();
    const stream = uploadTo(api, { clock });
    stream.add("one");
    stream.add("two");
    while (api.text("model") === "") await new Promise((resolve) => setImmediate(resolve));
    expect(api.text("model")).toBe("one\ntwo\n");
    expect(clock.slept[0]).toBe(1000);
  });

  test("sends a line longer than a MiB as a chunk of its own", async () => {
    const api = scriptedApi();
    const stream = uploadTo(api);
    stream.add("short");
    stream.add("x".repeat(maxChunkBytes + 5));
    stream.add("short");
    await stream.flush();
    expect(sizes(api)).toEqual([6, maxChunkBytes + 6, 6]);
  });

  test("flush stores all that was added and leaves the stream open, finish closes it", async () => {
    const api = scriptedApi();
    const stream = uploadTo(api, { clock: stoppedClock() });
    stream.add("one");
    await stream.flush();
    expect([api.text("model"), api.part("model").done]).toEqual(["one\n", false]);
    stream.add("two");
    expect(await stream.finish()).toEqual([]);
    expect([api.text("model"), api.part("model").done]).toEqual(["one\ntwo\n", true]);
  });

  test("finish tells which parts are open", async () => {
    const api = scriptedApi();
    api.shards = 3;
    expect(await uploadTo(api).finish()).toEqual([1, 2]);
  });

  test("a line added while the last chunk is being sent is not forgotten", async () => {
    const api = scriptedApi();
    const stream = uploadTo(api);
    let added = 0;
    api.script = (moment) => {
      if (moment === "after" && added < 5) stream.add(`late ${added++}`);
    };
    stream.add("first");
    await stream.flush();
    await stream.flush();
    expect(api.text("model")).toBe("first\nlate 0\nlate 1\nlate 2\nlate 3\nlate 4\n");
  });

  test("holds the grower up when too much is waiting, not before", async () => {
    const api = scriptedApi();
    let answer: () => void = () => undefined;
    const slow: ScriptedApi = {
      ...api,
      async putChunk(...call) {
        await new Promise<void>((resolve) => (answer = resolve));
        return api.putChunk(...call);
      },
    };
    const stream = uploadTo(slow);
    stream.add("x".repeat(1 << 20));
    await stream.room();
    for (let i = 0; i < 16; i++) stream.add("x".repeat(1 << 20));
    let free = false;
    const room = stream.room().then(() => (free = true));
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(free).toBe(false);
    const answering = setInterval(() => answer(), 1);
    await room;
    clearInterval(answering);
    expect(free).toBe(true);
  });

  test("rejects, and keeps rejecting, once patience is at its end", async () => {
    const api = scriptedApi();
    api.script = () => {
      throw new TemporaryError("away");
    };
    const stream = uploadTo(api);
    stream.add("one");
    await expect(stream.flush()).rejects.toThrow("away");
    await expect(stream.room()).rejects.toThrow("away");
    await expect(stream.finish()).rejects.toThrow("away");
  });
});

describe("bytes that are stored already", () => {
  const storedFirst = async (...lines: string[]): Promise<ScriptedApi> => {
    const api = scriptedApi();
    await api.putChunk({ stream: "model", shard: 0, offset: 0 }, { bytes: Buffer.from(lines.join("")) });
    return api;
  };

  test("by a chunk whose answer was lost are not stored twice", async () => {
    const api = scriptedApi();
    let lost = 0;
    api.script = (moment) => {
      if (moment === "after" && lost++ === 0) throw new TemporaryError("connection reset");
    };
    const stream = uploadTo(api);
    stream.add("one");
    await stream.finish();
    expect(api.text("model")).toBe("one\n");
  });

  test("by an attempt before this one, cut otherwise, are passed over when they are the same", async () => {
    const api = await storedFirst("one\n", "two\n");
    const stream = uploadTo(api);
    for (const line of ["one", "two", "three"]) stream.add(line);
    await stream.finish();
    expect(api.text("model")).toBe("one\ntwo\nthree\n");
  });

  test("and others end the upload at once", async () => {
    const api = await storedFirst("one\n", "other\n");
    const clock = hastyClock();
    const stream = uploadTo(api, { clock });
    for (const line of ["one", "two", "three"]) stream.add(line);
    await expect(stream.finish()).rejects.toThrow(/other bytes at 0 than this attempt/);
    await expect(stream.finish()).rejects.toThrow(TemporaryError);
    expect(Math.max(...clock.slept)).toBe(1000);
    expect(api.text("model")).toBe("one\nother\n");
  });

  test("and more than ours end the upload too: the next attempt goes on from there", async () => {
    const api = await storedFirst("one\n", "two\n", "three\n");
    const stream = uploadTo(api);
    stream.add("one");
    await expect(stream.flush()).rejects.toThrow(/stored more of the model than this one/);
  });

  test("up to less than we stored end the upload", async () => {
    const api = await storedFirst("one\n");
    const stream = uploadTo(api, { offset: 8 });
    stream.add("three");
    await expect(stream.flush()).rejects.toThrow(/refuses a chunk: the stream has 4 bytes/);
  });
});
