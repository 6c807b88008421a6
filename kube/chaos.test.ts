/** Faults in any number and order, on real sockets: what a table of single faults cannot show. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answers,
  halfAnswer,
  halfOpenWatch,
  loseReply,
  reset,
  silence,
  watchDribbles,
  watchErrs,
  watchSends,
} from "./scripted-faults.ts";
import { electionWorld } from "./scripted-election.ts";
import type { Fault, ScriptedServer } from "./scripted-server.ts";
import { inventory, scriptedWorld } from "./scripted-world.ts";

const onAnyCall: Record<string, Fault> = {
  "429": answers(429, "TooManyRequests", { "retry-after": "3" }),
  "500": answers(500, "InternalError"),
  reset,
  silence,
};
const onLists: Record<string, Fault> = { ...onAnyCall, "410": answers(410, "Expired"), halfAnswer };
const onWatches: Record<string, Fault> = {
  ...onLists,
  halfOpenWatch,
  watchDribbles,
  "410 in the stream": watchErrs(410, "Expired"),
  "reset in a line": watchSends('{"type":"ADD', "resets"),
  "end in a line": watchSends('{"type":"ADD', "ends"),
};

const changes: Record<string, (server: ScriptedServer, name: string) => void> = {
  put: (server, name) => server.objects.put(name, { text: "Größe 😀" }),
  remove: (server, name) => {
    if (server.objects.get(`default/${name}`) !== undefined) server.objects.remove(name);
  },
  compact: (server) => server.objects.compact(),
  "cut the watches": (server) => server.cutWatches(),
};

const aStep = fc.oneof(
  fc.record({ does: fc.constantFrom(...Object.keys(changes)), to: fc.constantFrom("a", "b", "c", "d", "e") }),
  fc.record({ fails: fc.constantFrom("list" as const, "page" as const), by: fc.constantFrom(...Object.keys(onLists)) }),
  fc.record({ fails: fc.constant("watch" as const), by: fc.constantFrom(...Object.keys(onWatches)) }),
  fc.record({ waits: fc.integer({ min: 1, max: 5000 }) }),
);

describe("whatever goes wrong, in whatever order", () => {
  it(
    "the cache becomes equal to the server, and what it told adds up to what it has",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(aStep, { maxLength: 15 }), async (steps) => {
          const world = await scriptedWorld();
          const { server, clock, until } = world;
          for (const thing of ["a", "b", "c"]) server.objects.put(thing);
          const told = new Set<string>();
          const reflector = world.reflect({ pageSize: 2 });
          reflector.store.subscribe(({ type, key }) => {
            expect(told.has(key)).toBe(type !== "added");
            if (type === "added") told.add(key);
            if (type === "deleted") told.delete(key);
          });
          for (const step of steps) {
            if ("does" in step) changes[step.does]?.(server, step.to);
            else if ("fails" in step) server.fail(step.fails, onWatches[step.by] ?? reset);
            else await clock.advance(step.waits);
          }
          server.objects.put("last");
          await until(
            () =>
              String(inventory(reflector.store.list())) === String(inventory(server.objects.list())) &&
              server.watches > 0,
          );
          expect([...told].toSorted()).toEqual(reflector.store.keys().toSorted());
          expect(world.log.errors).not.toContain("a listener of the cache failed");
          await world.close();
        }),
        { numRuns: 60 },
      );
    },
  );

  it("no two candidates lead at one moment, and one leads in the end", { timeout: 120_000 }, async () => {
    const faults = {
      ...onAnyCall,
      loseReply,
      halfAnswer,
      "409": answers(409, "Conflict"),
      "404": answers(404, "NotFound"),
    };
    const aTrouble = fc.record({
      on: fc.constantFrom("get" as const, "create" as const, "update" as const),
      by: fc.constantFrom(...Object.keys(faults)),
      times: fc.integer({ min: 1, max: 8 }),
      forMs: fc.integer({ min: 1, max: 12_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aTrouble, { maxLength: 8 }), async (troubles) => {
        const world = await electionWorld();
        const candidates = ["one", "two", "three"].map((identity) => world.candidate(identity));
        for (const { on, by, times, forMs } of troubles) {
          const fault = Object.entries(faults).find(([name]) => name === by)?.[1] ?? reset;
          world.server.fail(on, ...Array.from({ length: times }, () => fault));
          await world.watchFor(forMs, candidates);
        }
        await world.until(() => candidates.some((candidate) => candidate.leads()));
        await world.watchFor(10_000, candidates);
        await world.close();
      }),
      { numRuns: 25 },
    );
  });
});
