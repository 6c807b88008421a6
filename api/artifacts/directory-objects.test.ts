import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { datasetsSuite } from "../../test/artifacts/datasets-suite.ts";
import { bytes, objectsSuite } from "../../test/artifacts/objects-suite.ts";
import { storeSuite } from "../../test/artifacts/store-suite.ts";
import { directoryObjects } from "./directory-objects.ts";
import { UnsuitableStoreError } from "./objects.ts";
import type { Objects } from "./objects.ts";

const parent = mkdtempSync(path.join(tmpdir(), "traintask-objects-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let root: string;
const open = async (): Promise<{ objects: Objects; again: () => Promise<Objects> }> => {
  root = mkdtempSync(path.join(parent, "root-"));
  return { objects: await directoryObjects(root, Date.now()), again: () => directoryObjects(root, Date.now()) };
};

const links = vi.hoisted(() => ({ fail: undefined as string | undefined }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const link = (...paths: Parameters<typeof real.link>): Promise<void> =>
    links.fail === undefined ? real.link(...paths) : Promise.reject(Object.assign(new Error(), { code: links.fail }));
  return { ...real, link };
});

describe("objects in a directory", () => objectsSuite(open));
describe("datasets in a directory", () => datasetsSuite(open));
describe("artifacts in a directory", () => storeSuite({ open, tickMs: 15, histories: 40 }));

describe("a directory", () => {
  let objects: Objects;
  beforeEach(async () => {
    ({ objects } = await open());
  });
  const work = (name = ""): string => path.join(root, "work", name);

  it("has no unfinished files in it when nothing is under way", async () => {
    await objects.create("a/b", bytes("one"));
    await objects.create("a/b", bytes("two"));
    await objects.replace("a/c", "three");
    await objects.removeFolder("a");
    expect(readdirSync(work())).toEqual([]);
  });

  it("keeps nothing of an object that could not be written", async () => {
    rmSync(work(), { recursive: true });
    await expect(objects.create("a/b", bytes("one"))).rejects.toThrow("ENOENT");
    expect(await objects.get("a/b")).toBeUndefined();
  });

  it("is freed of what a dead process left behind, and not of what another one writes now", async () => {
    const hours = (n: number): Date => new Date(Date.now() - n * 3_600_000);
    mkdirSync(work("removed"));
    for (const [name, at] of [
      ["torn", hours(3)],
      ["fresh", hours(1)],
      ["removed", hours(30)],
    ] as const) {
      if (name !== "removed") writeFileSync(work(name), "half a chu");
      utimesSync(work(name), at, at);
    }
    await directoryObjects(root, Date.now());
    expect(readdirSync(work())).toEqual(["fresh"]);
  });

  it("is refused when its file system has no hard links, for then nothing could be created only once", async () => {
    links.fail = "EPERM";
    const elsewhere = path.join(parent, "no-links");
    await expect(directoryObjects(elsewhere, Date.now())).rejects.toThrow(UnsuitableStoreError);
    links.fail = undefined;
    expect(existsSync(elsewhere)).toBe(true);
  });
});
