import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteCache } from "./byte-cache.ts";
import { jsonBytes } from "./json-bytes.ts";

describe("a cache of bytes", () => {
  test("drops first what was not asked for longest", () => {
    const cache = new ByteCache<number>(30);
    cache.put("a", 1, 10);
    cache.put("b", 2, 10);
    cache.put("c", 3, 10);
    expect(cache.get("a")).toBe(1);
    cache.put("d", 4, 10);
    expect(["a", "b", "c", "d"].map((key) => cache.get(key))).toEqual([1, undefined, 3, 4]);
  });

  test("keeps the last value of a key, and counts it once", () => {
    const cache = new ByteCache<number>(30);
    cache.put("a", 1, 20);
    cache.put("a", 2, 25);
    expect(cache.get("a")).toBe(2);
    expect(cache.bytes).toBe(25);
  });

  test("does not take what is larger than all, and forgets what the key had", () => {
    const cache = new ByteCache<number>(30);
    cache.put("a", 1, 10);
    cache.put("b", 1, 10);
    cache.put("a", 2, 31);
    expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual([undefined, 1, 10]);
  });

  test("never holds more than its bound", () => {
    const puts = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.integer({ min: 0, max: 40 })));
    fc.assert(
      fc.property(puts, (all) => {
        const cache = new ByteCache<number>(50);
        for (const [key, bytes] of all) {
          cache.put(key, bytes, bytes);
          expect(cache.bytes).toBeLessThanOrEqual(50);
          expect(cache.get(key)).toBe(bytes);
        }
      }),
    );
  });
});

test("the bytes of plain JSON are about those of its numbers and texts", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index / 7);
  expect(jsonBytes({ numbers })).toBeGreaterThanOrEqual(8 * 1000);
  expect(jsonBytes({ numbers })).toBeLessThan(9 * 1000);
  expect(jsonBytes([numbers, "x".repeat(500), null, true])).toBeGreaterThan(8500);
});
