import { beforeEach, describe, expect, it } from "vitest";
import { recordingLog } from "./scripted-world.ts";
import { ObjectStore, type Entry } from "./store.ts";

interface Fruit {
  readonly name: string;
  readonly colours: readonly string[];
}

const entry = (name: string, colours: string[], overrides: Partial<Entry<Fruit>> = {}): Entry<Fruit> => ({
  uid: `uid-${name}`,
  resourceVersion: "1",
  object: { name, colours },
  ...overrides,
});
const second = { resourceVersion: "2" };

let store: ObjectStore<Fruit>;
let heard: string[];
beforeEach(() => {
  store = new ObjectStore<Fruit>({ log: recordingLog(), indexes: { colour: (fruit) => fruit.colours } });
  store.set("apple", entry("apple", ["red", "green"]));
  store.set("pear", entry("pear", ["green"]));
  heard = [];
  store.subscribe((change) => heard.push(`${change.type} ${change.key}`));
});

const names = (fruits: readonly Fruit[]): string[] => fruits.map((fruit) => fruit.name).toSorted();

describe("the cache", () => {
  it("finds objects by key and by index", () => {
    expect(store.get("apple")?.name).toBe("apple");
    expect(store.get("plum")).toBeUndefined();
    expect(store.uidOf("pear")).toBe("uid-pear");
    expect(names(store.byIndex("colour", "green"))).toEqual(["apple", "pear"]);
    expect(names(store.byIndex("colour", "red"))).toEqual(["apple"]);
    expect(store.byIndex("colour", "blue")).toEqual([]);
    expect([store.size, store.keys()]).toEqual([2, ["apple", "pear"]]);
  });

  it("refuses an index that it does not have", () => {
    expect(() => store.byIndex("shape", "round")).toThrow('no index "shape"');
  });

  it("moves an object in the indexes when it changes", () => {
    store.set("apple", entry("apple", ["brown"], second));
    expect(names(store.byIndex("colour", "green"))).toEqual(["pear"]);
    expect(names(store.byIndex("colour", "red"))).toEqual([]);
    expect(names(store.byIndex("colour", "brown"))).toEqual(["apple"]);
    expect(heard).toEqual(["updated apple"]);
  });

  it("takes an object out of the indexes when it is deleted", () => {
    store.delete("apple");
    store.delete("plum");
    expect(names(store.byIndex("colour", "green"))).toEqual(["pear"]);
    store.delete("pear");
    expect(store.byIndex("colour", "green")).toEqual([]);
    expect(heard).toEqual(["deleted apple", "deleted pear"]);
  });

  it("tells of an object with another uid as deleted, then added", () => {
    store.set("apple", entry("apple", ["gold"], { ...second, uid: "uid-new" }));
    expect(heard).toEqual(["deleted apple", "added apple"]);
    expect(names(store.byIndex("colour", "red"))).toEqual([]);
    expect(store.uidOf("apple")).toBe("uid-new");
  });

  it("says nothing of a version that it has", () => {
    const before = store.get("apple");
    store.set("apple", entry("apple", ["red", "green"]));
    expect(heard).toEqual([]);
    expect(store.get("apple")).toBe(before);
  });

  it("swaps a new list in whole before anyone hears of it", () => {
    const seen: string[][] = [];
    store.subscribe(() => seen.push([...store.keys(), ...names(store.byIndex("colour", "green"))]));
    store.replace(
      new Map([
        ["pear", entry("pear", ["yellow"], second)],
        ["lime", entry("lime", ["green"])],
      ]),
    );
    expect(heard).toEqual(["deleted apple", "updated pear", "added lime"]);
    expect(seen).toEqual(Array.from({ length: 3 }, () => ["pear", "lime", "lime"]));
  });

  it("keeps the very objects that a new list brings unchanged", () => {
    const before = store.get("pear");
    store.replace(new Map([["pear", entry("pear", ["green"])]]));
    expect(store.get("pear")).toBe(before);
    expect(names(store.byIndex("colour", "green"))).toEqual(["pear"]);
  });

  it("hands changes on although a listener throws, and reports that one", () => {
    const log = recordingLog();
    const careful = new ObjectStore<Fruit>({ log });
    careful.subscribe(() => {
      throw new Error("a bug");
    });
    careful.subscribe((change) => heard.push(change.type));
    careful.set("fig", entry("fig", []));
    expect(heard).toEqual(["added"]);
    expect(log.errors).toEqual(["a listener of the cache failed"]);
  });

  it("stops telling a listener that has left", () => {
    const leave = store.subscribe(() => expect.unreachable());
    leave();
    store.delete("apple");
    expect(heard).toEqual(["deleted apple"]);
  });
});
