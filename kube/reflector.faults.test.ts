/**
 * Every fault that a server or a network can show a reflector, on real sockets. After each one: the cache equals the
 * server, follows what happens next, and nothing has stopped.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  answers,
  halfAnswer,
  halfOpenWatch,
  reset,
  silence,
  watchDribbles,
  watchErrs,
  watchSends,
} from "./scripted-faults.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import { inventory, scriptedWorld, type World } from "./scripted-world.ts";

let world: World;
beforeEach(async () => {
  world = await scriptedWorld();
});
afterEach(() => world.close());

interface Case {
  /** What goes wrong, and when: before the first list, or while a watch stands. */
  readonly beforeList?: (server: ScriptedServer) => void;
  readonly whileWatching?: (server: ScriptedServer) => void;
}

const faults: Record<string, Case> = {
  "410 by status when a watch begins": { beforeList: (server) => server.fail("watch", answers(410, "Expired")) },
  "410 in the stream of a watch": { beforeList: (server) => server.fail("watch", watchErrs(410, "Expired")) },
  "410 in the middle of a paged list": { beforeList: (server) => server.fail("page", answers(410, "Expired")) },
  "a history compacted while away": {
    whileWatching: (server) => {
      server.fail("watch", reset);
      server.cutWatches();
      server.objects.remove("a");
      server.objects.compact();
    },
  },
  "429 with Retry-After on a list": {
    beforeList: (server) => server.fail("list", answers(429, "TooManyRequests", { "retry-after": "7" })),
  },
  "429 with Retry-After on a watch": {
    beforeList: (server) => server.fail("watch", answers(429, "TooManyRequests", { "retry-after": "7" })),
  },
  "500 on a list": { beforeList: (server) => server.fail("list", answers(500, "InternalError")) },
  "500 on a watch": { beforeList: (server) => server.fail("watch", answers(500, "InternalError")) },
  "500 in the stream of a watch": { beforeList: (server) => server.fail("watch", watchErrs(500, "InternalError")) },
  "403 for a while": {
    beforeList: (server) => server.fail("list", answers(403, "Forbidden"), answers(403, "Forbidden")),
  },
  "a list that fails once": { beforeList: (server) => server.fail("list", reset) },
  "a page that fails once": { beforeList: (server) => server.fail("page", answers(500, "InternalError")) },
  "a reset between two pages": { beforeList: (server) => server.fail("page", reset) },
  "a list that is cut short": { beforeList: (server) => server.fail("list", halfAnswer) },
  "a list that is never answered": { beforeList: (server) => server.fail("list", silence) },
  "a watch that is never answered": { beforeList: (server) => server.fail("watch", silence) },
  "a half-open connection": { beforeList: (server) => server.fail("watch", halfOpenWatch) },
  "a reset in the middle of a line": {
    beforeList: (server) => server.fail("watch", watchSends('{"type":"ADDED","obj', "resets")),
  },
  "a truncated JSON line": {
    beforeList: (server) => server.fail("watch", watchSends('{"type":"ADDED","obj\n', "ends")),
  },
  "a stream that ends in the middle of a line": {
    beforeList: (server) => server.fail("watch", watchSends('{"type":"ADDED","obj', "ends")),
  },
  "a line that is no event": { beforeList: (server) => server.fail("watch", watchSends("null\n[]\n", "ends")) },
  "a watch that ends at once, again and again": {
    beforeList: (server) => server.fail("watch", ...Array.from({ length: 8 }, () => watchSends("", "ends"))),
  },
  "UTF-8 split over chunks": {
    beforeList: (server) => server.fail("watch", watchDribbles),
    whileWatching: (server) => server.objects.put("a", { text: "Größe: 😀 ∑" }),
  },
  "delete and recreate while away": {
    whileWatching: (server) => {
      server.fail("watch", reset, answers(410, "Expired"));
      server.cutWatches();
      server.objects.remove("a");
      server.objects.put("a", { reborn: true });
    },
  },
  "delete and recreate in the stream": {
    whileWatching: (server) => {
      server.objects.remove("a");
      server.objects.put("a", { reborn: true });
    },
  },
};

describe("after each fault the cache equals the server and nothing has stopped", () => {
  for (const [name, { beforeList, whileWatching }] of Object.entries(faults)) {
    it(name, async () => {
      const { server, until } = world;
      for (const thing of ["a", "b", "c", "d", "e"]) server.objects.put(thing);
      beforeList?.(server);
      const reflector = world.reflect({ pageSize: 2 });
      const equal = (): boolean =>
        reflector.hasSynced && String(inventory(reflector.store.list())) === String(inventory(server.objects.list()));
      await until(equal);

      if (whileWatching !== undefined) {
        await until(() => server.watches > 0);
        whileWatching(server);
        await until(equal);
      }
      server.objects.put("f");
      server.objects.put("b", { changed: true });
      server.objects.remove("c");
      await until(equal);
      await until(() => server.watches === 1);
      expect(server.faultsLeft).toBe(0);
      server.objects.put("g");
      await until(equal);
    });
  }
});
