import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answers, halfOpenWatch, reset, silence, watchSends } from "./scripted-faults.ts";
import { sendJson, watchLine } from "./scripted-server.ts";
import { scriptedWorld, type World } from "./scripted-world.ts";

let world: World;
beforeEach(async () => {
  world = await scriptedWorld();
});
afterEach(() => world.close());

describe("the reflector", () => {
  it("asks again no sooner than Retry-After says", async () => {
    const { server, until } = world;
    server.fail("list", answers(429, "TooManyRequests", { "retry-after": "7" }));
    const reflector = world.reflect();
    await until(() => reflector.hasSynced);
    const [first, second] = server.seen.filter((request) => request.kind === "list");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(7000);
  });

  it("lists again as soon as the server has forgotten where the cache stands", async () => {
    const { server, until } = world;
    server.objects.put("a");
    const reflector = world.reflect();
    await until(() => server.watches === 1);
    server.cutWatches();
    server.objects.remove("a");
    server.objects.compact();
    await until(() => reflector.store.size === 0);
    const kinds = server.seen.map((request) => request.kind);
    expect(kinds.slice(0, 4)).toEqual(["list", "watch", "watch", "list"]);
  });

  it("begins a list anew and in one piece after a page of it has expired", async () => {
    const { server, until } = world;
    for (const thing of ["a", "b", "c"]) server.objects.put(thing);
    server.fail("page", answers(410, "Expired"));
    const reflector = world.reflect({ pageSize: 2 });
    await until(() => reflector.hasSynced);
    const lists = server.seen.filter((request) => request.kind === "list");
    expect(lists.map((request) => request.path.includes("limit="))).toEqual([true, false]);
  });

  it("goes on watching from the last event after a reset, without a new list", async () => {
    const { server, until } = world;
    const reflector = world.reflect();
    await until(() => server.watches === 1);
    server.objects.put("a");
    await until(() => reflector.store.size === 1);
    server.cutWatches();
    server.objects.put("b");
    await until(() => reflector.store.size === 2);
    expect(server.count("list")).toBe(1);
    const watches = server.seen.filter((request) => request.kind === "watch");
    expect(new URL(watches[1]?.path ?? "", server.url).searchParams.get("resourceVersion")).toBe("101");
  });

  it("goes on from a bookmark", async () => {
    const { server, until } = world;
    server.fail("watch", watchSends(watchLine("BOOKMARK", { metadata: { resourceVersion: "4711" } }), "resets"));
    const reflector = world.reflect();
    await until(() => server.count("watch") === 2);
    expect(reflector.resourceVersionIn("default")).toBe("4711");
    expect(server.seen.at(-1)?.path).toContain("resourceVersion=4711");
  });

  it("asks for bookmarks and for pages", async () => {
    const { server, until } = world;
    world.reflect();
    await until(() => server.watches === 1);
    expect(server.seen[0]?.path).toContain("limit=500");
    expect(server.seen[1]?.path).toContain("allowWatchBookmarks=true");
  });

  it("gives a silent watch up after 75 seconds, and closes its connection", async () => {
    const { server, until } = world;
    server.fail("watch", halfOpenWatch);
    world.reflect();
    await until(() => server.count("watch") === 2);
    const [silent, next] = server.seen.filter((request) => request.kind === "watch");
    expect((next?.at ?? 0) - (silent?.at ?? 0)).toBeGreaterThanOrEqual(75_000);
    await until(() => server.sockets <= 2);
  });

  it("waits longer from failure to failure, and lists again when a watch fails too often", async () => {
    const { server, until } = world;
    server.fail("watch", ...Array.from({ length: 9 }, () => answers(500, "InternalError")));
    world.reflect();
    await until(() => server.count("watch") === 10);
    expect(server.count("list")).toBeGreaterThan(1);
    const at = server.seen.filter((request) => request.kind === "watch").map((request) => request.at);
    const first = (at[1] ?? 0) - (at[0] ?? 0);
    const last = (at[9] ?? 0) - (at[8] ?? 0);
    expect(first).toBeLessThan(1000);
    expect(last).toBeGreaterThanOrEqual(15_000);
  });

  it("starts from a short wait again once a watch has stood for half a minute", async () => {
    const { clock, server, until } = world;
    server.fail("watch", ...Array.from({ length: 4 }, () => reset));
    const reflector = world.reflect();
    await until(() => server.watches === 1);
    await clock.advance(31_000);
    server.fail("watch", reset);
    server.cutWatches();
    const before = server.count("watch");
    await until(() => server.count("watch") === before + 2);
    const at = server.seen.map((request) => request.at);
    expect((at.at(-1) ?? 0) - (at.at(-2) ?? 0)).toBeLessThanOrEqual(1100);
    expect(server.count("list")).toBe(1);
    expect(reflector.hasSynced).toBe(true);
  });

  it("does not take a watch that stood in silence for a healthy one", async () => {
    const { server, until } = world;
    server.fail("watch", ...Array.from({ length: 5 }, () => halfOpenWatch));
    world.reflect();
    await until(() => server.count("watch") === 6);
    expect(server.count("list")).toBe(2);
  });

  it("does not ask a server that ends every watch at once in a tight circle", async () => {
    const { server, until } = world;
    server.fail("watch", ...Array.from({ length: 4 }, () => watchSends("", "ends")));
    world.reflect();
    await until(() => server.watches === 1);
    const at = server.seen.filter((request) => request.kind === "watch").map((request) => request.at);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(250 + 500 + 1000 + 2000);
  });

  it("goes on from the moment that the first page of a list shows, whatever later pages say", async () => {
    const { server, until } = world;
    for (const thing of ["a", "b", "c"]) server.objects.put(thing);
    server.fail("page", ({ response }) => {
      sendJson(response, 200, { metadata: { resourceVersion: "999" }, items: [] });
    });
    const reflector = world.reflect({ pageSize: 2 });
    await until(() => reflector.hasSynced);
    expect(reflector.resourceVersionIn("default")).toBe("103");
  });

  it("stops while it lists, watches or waits, at once", async () => {
    const { server, until } = world;
    const situations: [string, () => void, () => boolean][] = [
      ["listing", () => server.fail("list", silence), () => server.count("list") === 1],
      ["watching", () => undefined, () => server.watches === 1],
      [
        "waiting",
        () => server.fail("list", answers(429, "Slow", { "retry-after": "999" })),
        () => server.count("list") === 3,
      ],
    ];
    for (const [, prepare, reached] of situations) {
      const stop = new AbortController();
      prepare();
      const reflector = world.reflect({ signal: stop.signal });
      await until(reached);
      stop.abort();
      await reflector.stopped;
      await reflector.synced;
    }
    await until(() => server.watches === 0);
  });

  it("serves the old list until the last page of the new one is there", async () => {
    const { server, until } = world;
    for (const thing of ["a", "b", "c", "d", "e"]) server.objects.put(thing);
    const reflector = world.reflect({ pageSize: 2 });
    await until(() => server.watches === 1);
    const sizes = new Set<number>();
    reflector.store.subscribe(() => sizes.add(reflector.store.size));
    server.fail("watch", answers(410, "Expired"));
    server.fail("page", answers(500, "InternalError"));
    server.cutWatches();
    server.objects.remove("a");
    server.objects.remove("b");
    const pages = server.count("page");
    await until(() => server.count("page") > pages);
    expect(reflector.store.size).toBe(5);
    await until(() => reflector.store.size === 3);
    expect([...sizes]).toEqual([3]);
  });
});
