/** The big table of pods.test.ts. */
import { expect, test } from "vitest";
import { checkPods } from "./pods.ts";

test("the pods of 100,000 generated tasks pass restricted and have no field that is not on the allow-list", () => {
  const { tasks, missing } = checkPods(100_000, 7);
  expect(tasks).toBe(100_000);
  expect(missing).toEqual([]);
});
