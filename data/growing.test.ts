import { expect, test } from "vitest";
import { Growing } from "./growing.ts";

const lengths = [0, 1, 511, 512, 513, 300_001];
test.each(lengths)("a list of %d numbers keeps each of them, in order", (length) => {
  const list = new Growing((buffer) => new Float64Array(buffer));
  for (let i = 0; i < length; i++) list.push(i + 0.5);
  const all = list.finish();
  expect(all).toHaveLength(length);
  expect(all.every((value, i) => value === i + 0.5)).toBe(true);
});

test("what comes out is an array like any other, of no more than its length", () => {
  const list = new Growing((buffer) => new Int32Array(buffer));
  for (let i = 0; i < 1000; i++) list.push(-i);
  const { buffer } = list.finish();
  expect([buffer.resizable, buffer.byteLength]).toEqual([false, 4000]);
});

test("a thousand short lists take little more than their bytes", () => {
  const before = process.memoryUsage().arrayBuffers;
  const lists = Array.from({ length: 1000 }, () => new Growing((buffer) => new Float64Array(buffer)));
  for (const list of lists) for (let i = 0; i < 600; i++) list.push(i);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1000 * 600 * 8 * 2);
  expect(lists.map((list) => list.finish().length)).toEqual(Array.from({ length: 1000 }, () => 600));
});
