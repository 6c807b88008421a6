import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryLimit } from "../memory.ts";
import { trialMemory } from "./trial-memory.ts";

const gibibyte = 2 ** 30;
const small = { rows: 150, columns: 4 };

describe("the memory of trials", () => {
  test("is the same for each of them in a pod of any size that has enough for one", () => {
    const [one, many] = [trialMemory(small, gibibyte / 2), trialMemory(small, 64 * gibibyte)];
    expect(one.memoryBytes).toBe(many.memoryBytes);
    expect(one.fitBytes).toBe(many.fitBytes);
    expect(one.processes).toBe(1);
    expect(many.processes).toBeGreaterThan(100);
  });

  test("lets a pod of the default size use two cores", () => {
    expect(trialMemory(small, gibibyte).processes).toBeGreaterThanOrEqual(2);
  });

  test("grows with the rows", () => {
    const large = trialMemory({ rows: 1_000_000, columns: 20 }, 64 * gibibyte);
    expect(large.memoryBytes).toBeGreaterThan(10 * 8 * 20_000_000);
    expect(large.processes).toBeLessThan(trialMemory(small, 64 * gibibyte).processes);
  });

  test("leaves all processes together less than the pod has, and a process its parts", () => {
    const shape = fc.record({ rows: fc.integer({ min: 1, max: 1_000_000 }), columns: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(shape, fc.integer({ min: 512, max: 65_536 }), (rows, mebibytes) => {
        const pod = mebibytes * 2 ** 20;
        const { memoryBytes, processes, fitBytes, cacheBytes } = trialMemory(rows, pod);
        expect(processes).toBeGreaterThanOrEqual(1);
        expect(fitBytes + cacheBytes).toBeLessThan(memoryBytes);
        // Rows that fill the pod fail with a sentence, whatever is left.
        if (8 * rows.rows * rows.columns * 4 < pod / 2) expect(processes * memoryBytes).toBeLessThan(pod);
      }),
    );
  });
});

describe("the memory of a pod", () => {
  test("is what it is told, where that is less than the machine's", () => {
    expect(memoryLimit(1000)).toBe(1000);
    expect(memoryLimit(1e18)).toBeLessThan(1e18);
    expect(memoryLimit()).toBe(memoryLimit(1e18));
  });
});
