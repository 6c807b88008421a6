/** What a store of objects promises, wherever it keeps them: the same cases for a directory and for a bucket. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Objects } from "../../api/artifacts/objects.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function names(objects: Objects, folder: string, after?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of objects.list(folder, after)) found.push(name);
  return found;
}

async function text(objects: Objects, key: string): Promise<string | undefined> {
  const object = await objects.get(key);
  return object === undefined ? undefined : Buffer.from(object).toString();
}

/** @param open an empty store, each time another one; `again` opens it as a second process would */
export function objectsSuite(open: () => Promise<{ objects: Objects; again: () => Promise<Objects> }>): void {
  let objects: Objects;
  let again: () => Promise<Objects>;
  beforeEach(async () => {
    ({ objects, again } = await open());
  });

  describe("an object", () => {
    it("is created where none stands, and only there", async () => {
      expect(await objects.get("a/b")).toBeUndefined();
      expect(await objects.create("a/b", bytes("one"))).toBe(true);
      expect(await objects.create("a/b", bytes("two"))).toBe(false);
      expect(await text(objects, "a/b")).toBe("one");
    });

    it("has one creator of many that try at once, in two processes", async () => {
      const other = await again();
      const tries = Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? objects : other).create("a/b", bytes(`writer ${i}`)),
      );
      const created = (await Promise.all(tries)).flatMap((one, i) => (one ? [i] : []));
      expect(created).toHaveLength(1);
      expect(await text(other, "a/b")).toBe(`writer ${created[0]}`);
    });

    it("may be empty, or large", async () => {
      const large = Buffer.alloc(5 << 20, "x");
      await objects.create("a/empty", bytes(""));
      await objects.create("a/large", large);
      expect(await objects.get("a/empty")).toHaveLength(0);
      expect(Buffer.compare(Buffer.from((await objects.get("a/large"))!), large)).toBe(0);
    });

    it("is replaced by another when that is asked for, and is gone when it is removed", async () => {
      await objects.replace("a/b", "one");
      await objects.replace("a/b", "two");
      expect(await text(objects, "a/b")).toBe("two");
      await objects.remove("a/b");
      await objects.remove("a/b");
      expect(await objects.get("a/b")).toBeUndefined();
    });
  });

  describe("a folder", () => {
    it("lists its own objects by name, with sizes and times, and its folders apart from them", async () => {
      const begun = Date.now() - 2000;
      for (const key of ["f/2", "f/1", "f/10", "f/deep/x", "f/deep/er/y", "g/1"]) await objects.create(key, bytes(key));
      expect(await names(objects, "f")).toEqual(["1", "10", "2"]);
      for await (const one of objects.list("f")) {
        expect(one.sizeBytes).toBe(`f/${one.name}`.length);
        expect(one.modified).toBeGreaterThan(begun);
      }
      expect(await objects.folders("f")).toEqual(["deep"]);
      expect(await names(objects, "none")).toEqual([]);
      expect(await objects.folders("none")).toEqual([]);
    });

    it("is listed from behind a name on, whether or not something has that name", async () => {
      for (const name of ["1", "3", "5"]) await objects.create(`f/${name}`, bytes("x"));
      expect(await names(objects, "f", "1")).toEqual(["3", "5"]);
      expect(await names(objects, "f", "2")).toEqual(["3", "5"]);
      expect(await names(objects, "f", "5")).toEqual([]);
    });

    it("is listed and removed whole, however much is in it", async () => {
      const all = Array.from({ length: 1100 }, (_, i) => String(i).padStart(4, "0"));
      for (let from = 0; from < all.length; from += 50)
        await Promise.all(all.slice(from, from + 50).map((name) => objects.create(`f/${name}`, bytes("x"))));
      await objects.create("f/below/x", bytes("x"));
      await objects.create("fg/x", bytes("x"));
      expect(await names(objects, "f")).toEqual(all);
      expect(await names(objects, "f", "0997")).toEqual(all.slice(998));
      const other = await again();
      await Promise.all([objects.removeFolder("f"), other.removeFolder("f")]);
      await objects.removeFolder("f");
      expect(await names(objects, "f")).toEqual([]);
      expect(await objects.folders("f")).toEqual([]);
      expect(await names(objects, "fg")).toEqual(["x"]);
    });
  });
}
