import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startReflectorIn } from "./joined-reflector.ts";
import type { KubeObject } from "./objects.ts";
import type { Reflector } from "./reflector.ts";
import { answers, halfOpenWatch } from "./scripted-faults.ts";
import { inventory, scriptedWorld, things, type World } from "./scripted-world.ts";
import type { Change } from "./store.ts";

let world: World;
let stop: AbortController;
let joined: Reflector<KubeObject>;
beforeEach(async () => {
  world = await scriptedWorld();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await joined.stopped;
  await world.close();
});

const put = (namespace: string, name: string, extra: object = {}): KubeObject =>
  world.server.objects.write({ ...extra, metadata: { namespace, name } });
const namesOf = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ metadata }) => metadata?.name ?? "").toSorted();

/** A joined cache of these namespaces, with an index by colour. */
function join(...namespaces: string[]): Reflector<KubeObject> {
  const { client, clock, log } = world;
  joined = startReflectorIn<KubeObject, KubeObject>(namespaces, {
    client,
    clock,
    log,
    resource: things,
    signal: stop.signal,
    project: (object) => {
      if ("bad" in object) throw new Error("unreadable");
      return object;
    },
    indexes: { colour: (object) => ("colour" in object ? [String(object.colour)] : []) },
  });
  return joined;
}

describe("a cache of some namespaces", () => {
  it("holds what is in them and nothing else, and asks for nothing else", async () => {
    put("a", "one");
    put("c", "hidden");
    const { store } = join("a", "b");
    await world.until(() => world.server.watches === 2);
    put("b", "two");
    put("c", "hidden-too");
    await world.until(() => store.size === 2);
    expect(namesOf(store.list())).toEqual(["one", "two"]);
    expect(store.keys().toSorted()).toEqual(["a/one", "b/two"]);
    expect(store.get("c/hidden")).toBeUndefined();
    expect(store.uidOf("b/two")).toBe(store.get("b/two")?.metadata?.uid);
    expect(world.server.seen.filter(({ path }) => !/\/namespaces\/[ab]\//.test(path))).toEqual([]);
  });

  it("finds by index across them, and tells listeners of changes in each until they have had enough", async () => {
    const { store } = join("a", "b");
    const heard: string[] = [];
    const end = store.subscribe((change: Change<KubeObject>) => heard.push(`${change.type} ${change.key}`));
    await world.until(() => world.server.watches === 2);
    put("a", "one", { colour: "red" });
    put("b", "two", { colour: "red" });
    put("b", "three", { colour: "blue" });
    await world.until(() => store.size === 3);
    expect(namesOf(store.byIndex("colour", "red"))).toEqual(["one", "two"]);
    expect(heard.toSorted()).toEqual(["added a/one", "added b/three", "added b/two"]);
    end();
    put("a", "four");
    await world.until(() => store.size === 4);
    expect(heard).toHaveLength(3);
  });

  it("is one watch where no namespaces are named: it sees all", async () => {
    put("a", "one");
    put("c", "three");
    const { store } = join();
    await world.until(() => store.size === 2);
    expect(world.server.count("list")).toBe(1);
    expect(inventory(store.list())).toEqual(inventory(world.server.objects.list()));
  });

  it("is not synced before each of them is", async () => {
    world.server.fail("list", answers(403, "Forbidden"));
    const reflector = join("a", "b");
    let synced = false;
    void reflector.synced.then(() => (synced = true));
    await world.until(() => world.server.watches === 1);
    expect([reflector.hasSynced, synced]).toEqual([false, false]);
    await world.until(() => reflector.hasSynced && synced);
  });

  it("has heard of its server as lately as the one that has heard of it longest ago", async () => {
    world.server.fail("watch", halfOpenWatch);
    const reflector = join("a", "b");
    expect(reflector.lastHeard).toBeUndefined();
    await world.until(() => reflector.hasSynced && world.server.count("watch") === 2);
    const { lastHeard } = reflector;
    await world.clock.advance(5000);
    // One of the two watches is dead, so at most the other one hears of this.
    for (const namespace of ["a", "b"]) put(namespace, "new");
    await world.until(() => reflector.store.size === 1);
    expect(reflector.lastHeard).toBe(lastHeard);
  });

  it("stands at a version of its own in each of them", async () => {
    const reflector = join("a", "b");
    expect(reflector.resourceVersionIn("a")).toBe("");
    await world.until(() => world.server.watches === 2);
    const before = reflector.resourceVersionIn("a");
    const written = put("b", "two");
    await world.until(() => reflector.store.size === 1);
    expect(reflector.resourceVersionIn("b")).toBe(written.metadata?.resourceVersion);
    expect(reflector.resourceVersionIn("a")).toBe(before);
    expect(reflector.resourceVersionIn("c")).toBe("");
  });

  it("names what cannot be read in any of them", async () => {
    put("a", "broken", { bad: true });
    put("b", "broken", { bad: true });
    const reflector = join("a", "b");
    await world.until(() => reflector.hasSynced);
    expect([...reflector.rejected.keys()].toSorted()).toEqual(["a/broken", "b/broken"]);
  });
});
