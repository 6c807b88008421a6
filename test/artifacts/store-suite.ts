/**
 * What a store of artifacts promises, wherever it keeps them and however many processes use it: the same cases for a
 * directory and for a bucket, each case through one process and through two that take turns.
 */
import { beforeEach, describe, expect, it } from "vitest";
import fc from "fast-check";
import { artifactStore } from "../../api/artifacts/artifact-store.ts";
import { DamagedError } from "../../api/artifacts/objects.ts";
import type { Objects } from "../../api/artifacts/objects.ts";
import { OffsetError } from "../../api/artifacts/store.ts";
import type { ArtifactStore, Chunk } from "../../api/artifacts/store.ts";
import { chunk, keeping, part } from "./task-cases.ts";
import type { At } from "./task-cases.ts";

const folder = "tasks/uid-1/model/0";
const keyAt = (offset: number): string => `${folder}/${String(offset).padStart(16, "0")}`;

async function text(store: ArtifactStore, range: { from?: number; to?: number } = {}, of = part): Promise<string> {
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

/** Hands each call to the next of the stores in turn. */
function takingTurns(stores: readonly ArtifactStore[]): ArtifactStore {
  let turn = 0;
  return new Proxy({} as ArtifactStore, {
    get: (_, name) => {
      const store = stores[turn++ % stores.length]!;
      const method: unknown = Reflect.get(store, name);
      return typeof method === "function" ? method.bind(store) : method;
    },
  });
}

export interface StoreSuite {
  /** An empty place, each time another one. */
  readonly open: () => Promise<{ objects: Objects; again: () => Promise<Objects> }>;
  /** As far apart as the times of two objects must be to tell which is older. */
  readonly tickMs: number;
  /** How many random histories are tried. */
  readonly histories: number;
}

export function storeSuite(suite: StoreSuite): void {
  describe("through one process", () => casesOf(suite, ({ objects }) => Promise.resolve([artifactStore(objects)])));
  describe("through two processes", () =>
    casesOf(suite, async ({ objects, again }) => [artifactStore(objects), artifactStore(await again())]));
}

type Opened = Awaited<ReturnType<StoreSuite["open"]>>;

function casesOf(suite: StoreSuite, storesOf: (opened: Opened) => Promise<readonly ArtifactStore[]>): void {
  const at = {} as { objects: Objects; store: ArtifactStore; stores: readonly ArtifactStore[] };
  beforeEach(async () => {
    const opened = await suite.open();
    at.objects = opened.objects;
    at.stores = await storesOf(opened);
    at.store = takingTurns(at.stores);
  });
  describe("a part", () => {
    growing(at);
    refusing(at);
    racing(at);
    reading(at, suite.histories);
  });
  keeping(at, suite.tickMs);
}

function growing(at: At): void {
  it("has no bytes before anybody wrote", async () => {
    expect(await at.store.state(part)).toEqual({ length: 0, done: false });
    expect(await at.store.parts("uid-1", "model")).toEqual([]);
    expect(await text(at.store)).toBe("");
  });

  it("grows chunk by chunk and is done with the last one", async () => {
    expect(await at.store.append(part, chunk(0, "one\n"))).toEqual({ length: 4, done: false });
    expect(await at.store.append(part, chunk(4, "two\n", true))).toEqual({ length: 8, done: true });
    expect(await text(at.store)).toBe("one\ntwo\n");
    expect(await at.store.parts("uid-1", "model")).toEqual([{ name: "0", length: 8, done: true }]);
  });

  it("is done by an empty last chunk, also one that is repeated, also without any other", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    expect(await at.store.append(part, chunk(4, "", true))).toEqual({ length: 4, done: true });
    expect(await at.store.append(part, chunk(4, "", true))).toEqual({ length: 4, done: true });
    const empty = { ...part, name: "1" };
    expect(await at.store.append(empty, chunk(0, "", true))).toEqual({ length: 0, done: true });
    expect(await at.store.state(empty)).toEqual({ length: 0, done: true });
  });

  it("takes the same chunk again, as if it were new", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    expect(await at.store.append(part, chunk(0, "one\n"))).toEqual({ length: 4, done: false });
    await at.store.append(part, chunk(4, "two\n", true));
    expect(await at.store.append(part, chunk(0, "one\n"))).toEqual({ length: 8, done: true });
    expect(await at.store.append(part, chunk(4, "two\n", true))).toEqual({ length: 8, done: true });
  });

  it("becomes done by its last chunk sent again, when the word that it was the last got lost", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    expect(await at.store.append(part, chunk(0, "one\n", true))).toEqual({ length: 4, done: true });
  });

  it("does not become done by an early chunk sent again with last", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    await at.store.append(part, chunk(4, "two\n"));
    expect(await at.store.append(part, chunk(0, "one\n", true))).toEqual({ length: 8, done: false });
  });
}

const misfits: Readonly<Record<string, Chunk>> = {
  "another chunk where one stands": chunk(0, "ONE\n"),
  "a longer chunk where one stands": chunk(0, "one\ntwo\nthree\n"),
  "a chunk inside of another": chunk(2, "e\n"),
  "a chunk behind the end": chunk(9, "x\n"),
  "an empty last chunk that is not at the end": chunk(0, "", true),
};

function refusing(at: At): void {
  it.each(Object.entries(misfits))("refuses %s, and says its true length", async (_, one) => {
    await at.store.append(part, chunk(0, "one\n"));
    await at.store.append(part, chunk(4, "two\n"));
    expect(await lengthSaid(at.store.append(part, one))).toBe(8);
    expect(await text(at.store)).toBe("one\ntwo\n");
    expect(await at.store.state(part)).toEqual({ length: 8, done: false });
  });

  it("refuses more once it is done", async () => {
    await at.store.append(part, chunk(0, "one\n", true));
    expect(await lengthSaid(at.store.append(part, chunk(4, "two\n")))).toBe(4);
    expect(await at.store.state(part)).toEqual({ length: 4, done: true });
  });

  it("cannot have a name that leads elsewhere", async () => {
    for (const name of ["..", "../x", "a/b", "", "a\0b", ".hidden"]) {
      const elsewhere = { ...part, name };
      await expect(at.store.append(elsewhere, chunk(0, "x"))).rejects.toThrow(/cannot be the name/);
    }
  });
}

function racing(at: At): void {
  const storeOf = (i: number): ArtifactStore => at.stores[i % at.stores.length]!;

  it("has one winner of many that write at the same place at once; the others learn how long it is", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    const writers = Array.from({ length: 20 }, (_, i) => storeOf(i).append(part, chunk(4, `writer ${i}\n`)));
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const whole = await text(at.store);
    expect(whole).toMatch(/^one\nwriter \d+\n$/);
    for (const result of results) {
      if (result.status === "rejected") expect((result.reason as OffsetError).length).toBe(whole.length);
    }
  });

  it("answers all of many that write the same at once as if each were the first", async () => {
    const writers = Array.from({ length: 20 }, (_, i) => storeOf(i).append(part, chunk(0, "one\n", true)));
    for (const state of await Promise.all(writers)) expect(state).toEqual({ length: 4, done: true });
    expect(await text(at.store)).toBe("one\n");
  });

  it("is either done or grows when one says that it is done and another brings more", async () => {
    for (let round = 0; round < 10; round++) {
      const one = { ...part, name: String(round) };
      await at.store.append(one, chunk(0, "one\n"));
      const [ended, grown] = await Promise.allSettled([
        storeOf(round).append(one, chunk(4, "", true)),
        storeOf(round + 1).append(one, chunk(4, "two\n")),
      ]);
      expect([ended.status, grown.status].toSorted()).toEqual(["fulfilled", "rejected"]);
      const done = ended.status === "fulfilled";
      expect(await at.store.state(one)).toEqual({ length: done ? 4 : 8, done });
      expect(await text(at.store, {}, one)).toBe(done ? "one\n" : "one\ntwo\n");
    }
  });
}

function reading(at: At, histories: number): void {
  it("holds what was appended, wherever a reader begins and ends", async () => {
    let run = 0;
    const piecesOf = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 6 });
    const property = fc.asyncProperty(piecesOf, fc.nat(40), fc.nat(40), async (pieces, from, end) => {
      const one = { ...part, task: `uid-${run++}` };
      let offset = 0;
      for (const piece of pieces) offset = (await at.store.append(one, { offset, bytes: piece, last: false })).length;
      const whole = Buffer.concat(pieces);
      const to = Math.min(end, whole.length);
      const read: Uint8Array[] = [];
      for await (const piece of at.store.read(one, { from, to })) read.push(piece);
      expect(Buffer.concat(read)).toEqual(whole.subarray(from, Math.max(from, to)));
    });
    await fc.assert(property, { numRuns: histories });
  });

  it("is not confused by what is no chunk of it", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    for (const name of [".nfs0001", "0", "chunk", "~"]) await at.objects.replace(`${folder}/${name}`, "x");
    expect(await at.store.append(part, chunk(4, "two\n", true))).toEqual({ length: 8, done: true });
    expect(await text(at.store)).toBe("one\ntwo\n");
  });

  it("is read with its digests: a damaged chunk is an error and never an answer", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    const stored = Buffer.from((await at.objects.get(keyAt(0)))!).toString();
    expect(stored).toContain("one\n");
    await at.objects.replace(keyAt(0), stored.replace("one\n", "0ne\n"));
    await expect(text(at.store)).rejects.toThrow(DamagedError);
  });

  const lost = { "the first": 0, "one in the middle": 4, "the last that a seal counts": 8 };
  it.each(Object.entries(lost))("is never answered with a hole: %s chunk is gone", async (_, offset) => {
    for (const one of [0, 4, 8]) await at.store.append(part, chunk(one, `ab${one}\n`));
    await at.objects.remove(keyAt(offset));
    await expect(text(at.store, { to: 12 })).rejects.toThrow(DamagedError);
  });
}
