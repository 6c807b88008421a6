import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryStore } from "./directory-store.ts";
import { DamagedError, OffsetError } from "./store.ts";
import type { ArtifactStore, Chunk, Part, Seal } from "./store.ts";

let root: string;
let store: ArtifactStore;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "traintask-store-"));
  store = await directoryStore(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const part: Part = { task: "uid-1", stream: "model", name: "0" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const chunk = (offset: number, text: string, last = false): Chunk => ({ offset, bytes: bytes(text), last });
const directory = (): string => path.join(root, "tasks/uid-1/model/0");

async function text(of: Part = part, range: { from?: number; to?: number } = {}): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(of, range)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function lengthSaid(work: Promise<unknown>): Promise<number> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OffsetError);
  return (error as OffsetError).length;
}

describe("a part", () => {
  it("has no bytes before anybody wrote", async () => {
    expect(await store.state(part)).toEqual({ length: 0, done: false });
    expect(await store.parts("uid-1", "model")).toEqual([]);
    expect(await text()).toBe("");
  });

  it("grows chunk by chunk and is done with the last one", async () => {
    expect(await store.append(part, chunk(0, "one\n"))).toEqual({ length: 4, done: false });
    expect(await store.append(part, chunk(4, "two\n", true))).toEqual({ length: 8, done: true });
    expect(await text()).toBe("one\ntwo\n");
    expect(await store.parts("uid-1", "model")).toEqual([{ name: "0", length: 8, done: true }]);
  });

  it("is done by an empty last chunk, also one that is repeated, also without any other", async () => {
    await store.append(part, chunk(0, "one\n"));
    expect(await store.append(part, chunk(4, "", true))).toEqual({ length: 4, done: true });
    expect(await store.append(part, chunk(4, "", true))).toEqual({ length: 4, done: true });
    const empty = { ...part, name: "1" };
    expect(await store.append(empty, chunk(0, "", true))).toEqual({ length: 0, done: true });
  });

  it("takes the same chunk again, as if it were new", async () => {
    await store.append(part, chunk(0, "one\n"));
    expect(await store.append(part, chunk(0, "one\n"))).toEqual({ length: 4, done: false });
    expect(readdirSync(directory())).toHaveLength(1);
  });

  it("becomes done by its last chunk sent again, when the word that it was the last got lost", async () => {
    await store.append(part, chunk(0, "one\n"));
    expect(await store.append(part, chunk(0, "one\n", true))).toEqual({ length: 4, done: true });
  });

  it("does not become done by an early chunk sent again with last", async () => {
    await store.append(part, chunk(0, "one\n"));
    await store.append(part, chunk(4, "two\n"));
    expect(await store.append(part, chunk(0, "one\n", true))).toEqual({ length: 8, done: false });
  });

  const misfits: Record<string, Chunk> = {
    "another chunk where one stands": chunk(0, "ONE\n"),
    "a chunk inside of another": chunk(2, "e\n"),
    "a chunk behind the end": chunk(9, "x\n"),
    "an empty last chunk that is not at the end": chunk(0, "", true),
  };
  for (const [name, one] of Object.entries(misfits)) {
    it(`refuses ${name}, and says its true length`, async () => {
      await store.append(part, chunk(0, "one\n"));
      await store.append(part, chunk(4, "two\n"));
      expect(await lengthSaid(store.append(part, one))).toBe(8);
      expect(await text()).toBe("one\ntwo\n");
      expect(await store.state(part)).toEqual({ length: 8, done: false });
    });
  }

  it("refuses more once it is done", async () => {
    await store.append(part, chunk(0, "one\n", true));
    expect(await lengthSaid(store.append(part, chunk(4, "two\n")))).toBe(4);
  });

  it("has one winner of many that write at the same place at once", async () => {
    const writers = Array.from({ length: 20 }, (_, i) => store.append(part, chunk(0, `writer ${i}\n`)));
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await text()).toMatch(/^writer \d+\n$/);
  });

  it("holds what was appended, wherever a reader begins and ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 6 }),
        fc.nat(40),
        fc.nat(40),
        async (pieces, from, end) => {
          const one = { ...part, task: "uid-property" };
          await store.remove(one.task);
          let offset = 0;
          for (const piece of pieces) offset = (await store.append(one, { offset, bytes: piece, last: false })).length;
          const whole = Buffer.concat(pieces);
          const to = Math.min(end, whole.length);
          const read: Uint8Array[] = [];
          for await (const piece of store.read(one, { from, to })) read.push(piece);
          expect(Buffer.concat(read)).toEqual(whole.subarray(from, Math.max(from, to)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is the same to the next process, and unfinished files of the one before are gone", async () => {
    await store.append(part, chunk(0, "one\n"));
    writeFileSync(path.join(root, "work/torn"), "half a chu");
    const next = await directoryStore(root);
    expect(await next.state(part)).toEqual({ length: 4, done: false });
    expect(readdirSync(path.join(root, "work"))).toEqual([]);
  });

  it("is read with its digests: a damaged chunk is an error and never an answer", async () => {
    await store.append(part, chunk(0, "one\n"));
    const file = path.join(directory(), readdirSync(directory())[0] ?? "");
    expect(path.basename(file).endsWith(createHash("sha256").update("one\n").digest("hex"))).toBe(true);
    writeFileSync(file, "0ne\n");
    await expect(text()).rejects.toThrow(DamagedError);
  });

  const lost = { "the first": 0, "one in the middle": 1, "the last that a seal counts": 2 };
  it.each(Object.entries(lost))("is never answered with a hole: %s chunk is gone", async (_, index) => {
    for (const offset of [0, 4, 8]) await store.append(part, chunk(offset, `ab${offset}\n`));
    rmSync(path.join(directory(), readdirSync(directory()).toSorted()[index] ?? ""));
    await expect(text(part, { to: 12 })).rejects.toThrow(DamagedError);
  });

  it("keeps nothing of a chunk that could not be written", async () => {
    await store.append(part, chunk(0, "one\n"));
    rmSync(path.join(root, "work"), { recursive: true });
    await expect(store.append(part, chunk(4, "two\n"))).rejects.toThrow();
    expect(await store.state(part)).toEqual({ length: 4, done: false });
  });

  it("cannot have a name that leads elsewhere", async () => {
    for (const name of ["..", "../x", "a/b", "", "a\0b", ".hidden"])
      await expect(store.append({ ...part, name }, chunk(0, "x"))).rejects.toThrow(/cannot be the name/);
  });
});

describe("parts of a stream", () => {
  it("come oldest first", async () => {
    for (const name of ["2", "0", "1"]) {
      await store.append({ ...part, stream: "log", name }, chunk(0, "x"));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect((await store.parts("uid-1", "log")).map(({ name }) => name)).toEqual(["2", "0", "1"]);
  });
});

describe("a seal", () => {
  const seal: Seal = {
    digest: "sha256:1",
    sizeBytes: 1,
    partial: false,
    parts: [{ name: "0", length: 1 }],
    end: "{}\n",
  };
  it("is written once; whoever comes later gets the one that stands", async () => {
    expect(await store.sealOf("uid-1")).toBeUndefined();
    const other = { ...seal, digest: "sha256:2" };
    const [first, second] = await Promise.all([store.seal("uid-1", seal), store.seal("uid-1", other)]);
    expect(first).toEqual(seal);
    expect(second).toEqual(seal);
    expect(await store.sealOf("uid-1")).toEqual(seal);
  });
});

describe("a task", () => {
  it("is gone with all that was kept of it, and others stay", async () => {
    await store.append(part, chunk(0, "one\n"));
    await store.putProgress("uid-1", "{}");
    await store.putProgress("uid-2", "{}");
    await store.remove("uid-1");
    expect(await store.tasks()).toEqual(["uid-2"]);
    expect(await store.state(part)).toEqual({ length: 0, done: false });
    await store.remove("uid-1");
  });
  it("has the latest progress", async () => {
    expect(await store.progressOf("uid-1")).toBeUndefined();
    await store.putProgress("uid-1", "1");
    await store.putProgress("uid-1", "2");
    expect(await store.progressOf("uid-1")).toBe("2");
  });
});
