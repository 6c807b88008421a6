import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type QueueEntry, queueOrder } from "./order.ts";

/** Entries written as `namespace:priority:age`, their uid being that text. */
function entries(...texts: string[]): QueueEntry[] {
  return texts.map((uid) => {
    const [namespace = "", priority = "0", minute = "0"] = uid.split(":");
    const creationTimestamp = `2026-01-02T03:${minute.padStart(2, "0")}:00Z`;
    return { uid, namespace, priority: Number(priority), creationTimestamp };
  });
}

const cases: Record<string, { waiting: string[]; held?: Record<string, number>; order: string[] }> = {
  "nobody waits": { waiting: [], order: [] },
  "the older goes first": { waiting: ["a:0:2", "a:0:1"], order: ["a:0:1", "a:0:2"] },
  "priority goes before age": { waiting: ["a:0:1", "a:5:2", "a:-1:0"], order: ["a:5:2", "a:0:1", "a:-1:0"] },
  "namespaces take turns, however many tasks one sends": {
    waiting: ["a:0:1", "a:0:2", "a:0:3", "b:0:4", "b:0:5"],
    order: ["a:0:1", "b:0:4", "a:0:2", "b:0:5", "a:0:3"],
  },
  "a namespace that holds slots waits until others have as many": {
    waiting: ["a:0:1", "b:0:2", "b:0:3", "b:0:4"],
    held: { a: 2 },
    order: ["b:0:2", "b:0:3", "a:0:1", "b:0:4"],
  },
  "turns taken at a higher priority count at the lower one": {
    waiting: ["a:9:5", "a:0:1", "b:0:2"],
    order: ["a:9:5", "b:0:2", "a:0:1"],
  },
  "priority goes before turns": { waiting: ["a:1:1", "b:0:0"], held: { a: 9 }, order: ["a:1:1", "b:0:0"] },
  "of the same age, the uid decides": { waiting: ["b:0:1", "a:0:1"], order: ["a:0:1", "b:0:1"] },
};

describe("the order of a queue", () => {
  test.each(Object.entries(cases))("%s", (_name, { waiting, held = {}, order }) => {
    expect(queueOrder(entries(...waiting), new Map(Object.entries(held))).map(({ uid }) => uid)).toEqual(order);
  });

  const entry = fc.record({
    namespace: fc.constantFrom("a", "b", "c"),
    priority: fc.integer({ min: -1, max: 1 }),
    creationTimestamp: fc.constantFrom("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", "2026-01-02T03:05:00Z"),
    uid: fc.uuid(),
  });
  const waiting = fc.uniqueArray(entry, { selector: ({ uid }) => uid, maxLength: 30 });
  const held = fc
    .dictionary(fc.constantFrom("a", "b", "c"), fc.nat(5))
    .map((counts) => new Map(Object.entries(counts)));

  test("holds each task once, and does not depend on the order in which they were listed", () => {
    fc.assert(
      fc.property(waiting, held, fc.infiniteStream(fc.nat()), (list, slots, dice) => {
        const order = queueOrder(list, slots);
        const shuffled = list.map((item) => ({ item, at: dice.next().value })).toSorted((a, b) => a.at - b.at);
        expect(new Set(order)).toEqual(new Set(list));
        expect(order.length).toBe(list.length);
        expect(
          queueOrder(
            shuffled.map(({ item }) => item),
            slots,
          ),
        ).toEqual(order);
      }),
    );
  });

  test("is what choosing the namespace with the fewest slots again and again gives", () => {
    fc.assert(
      fc.property(waiting, held, (list, slots) => {
        expect(queueOrder(list, slots)).toEqual(chosenOneByOne(list, slots));
      }),
    );
  });

  test("changes neither the list nor the counts that it is given", () => {
    const list = Object.freeze(entries("a:0:2", "a:0:1"));
    const slots = new Map([["a", 1]]);
    queueOrder(list, slots);
    expect(slots).toEqual(new Map([["a", 1]]));
  });
});

/** The definition, word for word. */
function chosenOneByOne(list: readonly QueueEntry[], held: ReadonlyMap<string, number>): QueueEntry[] {
  const slots = new Map(held);
  const rest = new Set(list);
  const chosen: QueueEntry[] = [];
  while (rest.size > 0) {
    const priority = Math.max(...[...rest].map((entry) => entry.priority));
    const [next] = [...rest]
      .filter((entry) => entry.priority === priority)
      .toSorted((a, b) => {
        const turns = (slots.get(a.namespace) ?? 0) - (slots.get(b.namespace) ?? 0);
        const age = a.creationTimestamp < b.creationTimestamp ? -1 : a.creationTimestamp > b.creationTimestamp ? 1 : 0;
        return turns || age || (a.uid < b.uid ? -1 : 1);
      });
    chosen.push(next!);
    rest.delete(next!);
    slots.set(next!.namespace, (slots.get(next!.namespace) ?? 0) + 1);
  }
  return chosen;
}
