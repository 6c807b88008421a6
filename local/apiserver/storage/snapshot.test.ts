import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../kube/objects.ts";
import { snapshot } from "./snapshot.ts";
import { openStore, type Store } from "./store.ts";

interface Step {
  readonly key: string;
  readonly remove: boolean;
}
const steps = fc.array(
  fc.record({ key: fc.constantFrom("x/a", "x/b", "x/c", "x/d", "y/a", "y/b"), remove: fc.boolean() }),
  { maxLength: 40 },
);

/** Carries out the steps; answers for each revision what was there then, as `key=version`. */
function play(store: Store, history: readonly Step[]): Map<number, string[]> {
  const present = new Map<string, KubeObject>();
  const states = new Map<number, string[]>();
  for (const { key, remove } of history) {
    const previous = present.get(key);
    if (previous === undefined) {
      present.set(key, store.write({ type: "ADDED", kind: "things", key, object: { metadata: { name: key } } }));
    } else if (remove) {
      store.write({ type: "DELETED", kind: "things", key, object: previous, previous });
      present.delete(key);
    } else {
      present.set(key, store.write({ type: "MODIFIED", kind: "things", key, object: previous, previous }));
    }
    const state = [...present].map(([name, { metadata }]) => `${name}=${metadata?.resourceVersion}`);
    states.set(store.history.latest(), state.toSorted());
  }
  return states;
}

const memoryStore = (changes = 1000): Store =>
  openStore({ path: ":memory:", retention: { changes, bytes: 1 << 30 }, complete: (_, object) => object });

describe("a list as of a revision", () => {
  test("is what was there then, whatever was written since, in pages of any size", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (history, limit) => {
        const store = memoryStore();
        for (const [revision, state] of play(store, history)) {
          const seen: string[] = [];
          let after = "";
          for (;;) {
            const page = snapshot(store, { kind: "things", prefix: "", after, limit }, revision);
            seen.push(...page.map(([key, { metadata }]) => `${key}=${metadata?.resourceVersion}`));
            if (page.length < limit) break;
            after = page.at(-1)?.[0] ?? "";
          }
          expect(seen).toEqual(state);
        }
        store.close();
      }),
    );
  });

  test("keeps to its namespace", () => {
    fc.assert(
      fc.property(steps, (history) => {
        const store = memoryStore();
        for (const [revision, state] of play(store, history)) {
          const page = snapshot(store, { kind: "things", prefix: "x/", after: "", limit: 100 }, revision);
          expect(page.map(([key]) => key)).toEqual(
            state.map((entry) => entry.split("=")[0]).filter((key) => key?.startsWith("x/")),
          );
        }
        store.close();
      }),
    );
  });
});

describe("history", () => {
  test("forgets the oldest changes when there are too many, never the newest, and says how far", () => {
    const store = memoryStore(16);
    play(
      store,
      Array.from({ length: 100 }, () => ({ key: "x/a", remove: false })),
    );
    const { history } = store;
    expect(history.latest()).toBe(100);
    expect(history.floor()).toBeGreaterThan(80);
    const kept = history.changes("things", history.floor(), 100);
    expect(kept.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 100 - history.floor() }, (_, index) => history.floor() + 1 + index),
    );
    store.close();
  });

  test("forgets by size too", () => {
    const store = openStore({
      path: ":memory:",
      retention: { changes: 64, bytes: 20_000 },
      complete: (_, object) => object,
    });
    let previous: KubeObject | undefined;
    for (let n = 0; n < 64; n++) {
      const object = { metadata: { name: "a", annotations: { n: String(n), text: "x".repeat(1000) } } };
      const write = { kind: "things", key: "a", object };
      previous = store.write(
        previous === undefined ? { ...write, type: "ADDED" } : { ...write, type: "MODIFIED", previous },
      );
    }
    expect(store.history.floor()).toBeGreaterThan(40);
    expect(store.get("things", "a")).toEqual(previous);
    store.close();
  });
});
