import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answers, watchSends } from "./scripted-faults.ts";
import { watchLine } from "./scripted-server.ts";
import { scriptedWorld, type World } from "./scripted-world.ts";

let world: World;
beforeEach(async () => {
  world = await scriptedWorld();
});
afterEach(() => world.close());

describe("one bad object", () => {
  const project = (object: { metadata?: object; bad?: boolean }): object => {
    if (object.bad) throw new Error("unreadable");
    return object;
  };

  it("is reported and kept out, and the others do not notice", async () => {
    const { server, until } = world;
    server.objects.put("good");
    server.objects.put("bad", { bad: true });
    const reflector = world.reflect({ project });
    await until(() => reflector.hasSynced);
    expect(reflector.store.keys()).toEqual(["default/good"]);
    expect([...reflector.rejected.keys()]).toEqual(["default/bad"]);
    expect(world.log.errors).toEqual(["an object cannot be read and is left out of the cache"]);
  });

  it("leaves the cache when it turns bad, and comes back when it is mended", async () => {
    const { server, until } = world;
    server.objects.put("a");
    const reflector = world.reflect({ project });
    await until(() => server.watches === 1);
    server.objects.put("a", { bad: true });
    await until(() => reflector.store.size === 0, 10_000);
    expect(reflector.rejected.has("default/a")).toBe(true);
    server.objects.put("a", { bad: false });
    await until(() => reflector.store.size === 1);
    expect(reflector.rejected.size).toBe(0);
  });

  it("is forgotten when it is deleted", async () => {
    const { server, until } = world;
    server.objects.put("a", { bad: true });
    const reflector = world.reflect({ project });
    await until(() => server.watches === 1);
    server.objects.remove("a");
    await until(() => reflector.rejected.size === 0);
  });
});

describe("handlers", () => {
  it("that throw harm neither the cache nor other handlers", async () => {
    const { server, until } = world;
    const heard: string[] = [];
    const reflector = world.reflect({
      onProgress: () => {
        throw new Error("a bug in onProgress");
      },
    });
    reflector.store.subscribe(() => {
      throw new Error("a bug in a listener");
    });
    reflector.store.subscribe((change) => heard.push(`${change.type} ${change.key}`));
    server.objects.put("a");
    await until(() => server.watches === 1);
    server.objects.put("b");
    server.objects.remove("a");
    await until(() => heard.length === 3);
    expect(heard).toEqual(["added default/a", "added default/b", "deleted default/a"]);
    expect(server.count("watch")).toBe(1);
  });

  it("hear of an object that was replaced while away as deleted and added", async () => {
    const { server, until } = world;
    server.objects.put("a");
    const reflector = world.reflect();
    await until(() => server.watches === 1);
    const heard: string[] = [];
    reflector.store.subscribe((change) => heard.push(change.type));
    server.fail("watch", answers(410, "Expired"));
    server.cutWatches();
    server.objects.remove("a");
    server.objects.put("a");
    await until(() => heard.length > 0);
    expect(heard).toEqual(["deleted", "added"]);
  });

  it("hear nothing of what did not change when the list is made anew", async () => {
    const { server, until } = world;
    for (const thing of ["a", "b"]) server.objects.put(thing);
    const reflector = world.reflect();
    await until(() => server.watches === 1);
    const before = reflector.store.get("default/a");
    const heard: string[] = [];
    reflector.store.subscribe((change) => heard.push(`${change.type} ${change.key}`));
    server.fail("watch", answers(410, "Expired"));
    server.cutWatches();
    server.objects.put("b", { changed: true });
    await until(() => heard.length > 0, 10_000);
    expect(heard).toEqual(["updated default/b"]);
    expect(reflector.store.get("default/a")).toBe(before);
  });
});

describe("what is kept", () => {
  it("has no managedFields", async () => {
    const { server, until } = world;
    server.objects.write({ metadata: { namespace: "default", name: "a", managedFields: [{ manager: "x" }] } });
    const reflector = world.reflect();
    await until(() => reflector.hasSynced);
    expect(reflector.store.get("default/a")?.metadata).not.toHaveProperty("managedFields");
  });

  it("is as fresh as lastHeard says: a list, an event and a bookmark count", async () => {
    const { clock, server, until } = world;
    server.fail("watch", watchSends(watchLine("BOOKMARK", { metadata: { resourceVersion: "200" } }), "is silent"));
    const reflector = world.reflect();
    expect(reflector.lastHeard).toBeUndefined();
    await until(() => reflector.resourceVersionIn("default") === "200");
    const bookmark = reflector.lastHeard ?? 0;
    await clock.advance(10_000);
    expect(reflector.lastHeard).toBe(bookmark);
  });
});
