/** What the store of datasets promises, wherever it keeps them: the same cases for a directory and for a bucket. */
import { createHash } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { Objects } from "../../api/artifacts/objects.ts";
import { DamagedError } from "../../api/artifacts/objects.ts";
import { datasetStore } from "../../api/datasets/store.ts";
import type { DatasetStore } from "../../api/datasets/store.ts";
import { DataError } from "../../data/error.ts";
import { virtualClock } from "../../kube/virtual-clock.ts";
import type { VirtualClock } from "../../kube/virtual-clock.ts";

const table = "size,colour\n1.5,red\n2,blue\n";
const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const digest = digestOf(table);
const inLetters = async function* (text: string): AsyncGenerator<Uint8Array> {
  for (const letter of text) yield Buffer.from(letter);
};

export function datasetsSuite(open: () => Promise<{ objects: Objects; again: () => Promise<Objects> }>): void {
  let objects: Objects;
  let clock: VirtualClock;
  let store: DatasetStore;
  let other: DatasetStore;
  beforeEach(async () => {
    const opened = await open();
    ({ objects } = opened);
    clock = virtualClock();
    store = datasetStore({ objects, clock, maxNamespaceBytes: 20_000_000 });
    other = datasetStore({ objects: await opened.again(), clock, maxNamespaceBytes: 20_000_000 });
  });

  async function text(of: string, from = other): Promise<string> {
    const read: Uint8Array[] = [];
    for await (const piece of from.read("default", of)) read.push(piece);
    return Buffer.concat(read).toString();
  }
  const uploads = (): Promise<readonly string[]> => objects.folders("datasets/uploads");

  it("keeps every byte of a table, one of many pieces too, and another process finds it", async () => {
    const made = await store.put("default", inLetters(table));
    expect(made).toMatchObject({ digest, uri: `traintask://datasets/${digest}`, sizeBytes: table.length, rows: 2 });
    expect(await other.get("default", digest)).toEqual(made);
    expect(await text(digest)).toBe(table);
    const large = `a,b\n${"12345,67890\n".repeat(800_000)}`;
    const whole = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(large);
    };
    await store.put("default", whole());
    expect((await text(digestOf(large))) === large).toBe(true);
    expect(await other.list("default")).toHaveLength(2);
  });

  it("keeps one copy of a table that comes twice, at once and through two processes too", async () => {
    const made = await Promise.all([store, other, store].map((one) => one.put("default", inLetters(table))));
    expect(made[1]).toEqual(made[0]);
    expect(await uploads()).toHaveLength(1);
    expect(await text(digest)).toBe(table);
  });

  it("keeps nothing of what is no table", async () => {
    await expect(store.put("default", inLetters('a,b\n1,"2\n'))).rejects.toThrow(DataError);
    expect(await store.list("default")).toEqual([]);
    expect(await uploads()).toEqual([]);
  });

  it("has nothing left of a dataset that was removed", async () => {
    await store.put("default", inLetters(table));
    await other.remove("default", digest);
    await other.remove("default", digest);
    expect(await store.get("default", digest)).toBeUndefined();
    expect(await uploads()).toEqual([]);
    await expect(text(digest)).rejects.toThrow(DamagedError);
  });

  it("never answers with a damaged or incomplete table", async () => {
    await store.put("default", inLetters(table));
    const [upload] = await uploads();
    const piece = `datasets/uploads/${upload}/00000000`;
    const stored = Buffer.from((await objects.get(piece))!).toString();
    await objects.replace(piece, stored.replace("red", "dad"));
    await expect(text(digest)).rejects.toThrow(DamagedError);
    await objects.remove(piece);
    await expect(text(digest)).rejects.toThrow(DamagedError);
  });

  it("finds what was not used for long, and a use makes it young again", async () => {
    await store.put("default", inLetters(table));
    expect(await other.unused(clock.now())).toEqual([]);
    expect(await other.unused(clock.now() + 1)).toEqual([{ namespace: "default", digest }]);
    await clock.advance(5000);
    await store.touch("default", digest);
    expect(await other.unused(clock.now())).toEqual([]);
  });

  it("takes a dataset whose last use was lost for one that is used now", async () => {
    const { digest: made } = await store.put("default", inLetters(table));
    await objects.replace(`datasets/tables/default/${made.slice(7)}/used`, "");
    expect(await store.unused(clock.now() + 1)).toEqual([]);
    expect(await store.unused(clock.now() + 1)).toHaveLength(1);
  });

  it("removes uploads that never became a dataset, when they are old, and nothing else", async () => {
    await store.put("default", inLetters(table));
    const [kept] = await uploads();
    await objects.create("datasets/uploads/broken/00000000", Buffer.from("half a ta"));
    await other.removeUnfinished(Date.now() - 60_000);
    expect(await uploads()).toHaveLength(2);
    await other.removeUnfinished(Date.now() + 60_000);
    expect(await uploads()).toEqual([kept]);
  });
}
