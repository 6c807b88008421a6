import { describe, expect, test } from "vitest";
import { syntheticSchema } from "../traintask/dataset.ts";
import { DataError } from "./error.ts";
import { syntheticCsv, syntheticProblemType, syntheticTarget } from "./synthetic.ts";
import { readTable } from "./table.ts";

const csv = (overrides: object = {}): string => [...syntheticCsv(syntheticSchema.parse(overrides))].join("");
const numbers = (text: string): number[][] =>
  text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));

describe("uniform data", () => {
  test("is 50 rows of 2 columns in [0, 1) and a target of 0 and 1 unless told otherwise", () => {
    const text = csv();
    expect(text.split("\n")[0]).toBe("x1,x2,y");
    const rows = numbers(text);
    expect(rows).toHaveLength(50);
    for (const [x1, x2, y] of rows) {
      expect(Math.min(x1!, x2!)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x1!, x2!)).toBeLessThan(1);
      expect([0, 1]).toContain(y);
    }
    const ones = rows.filter(([, , y]) => y === 1).length;
    expect(ones).toBeGreaterThan(10);
    expect(ones).toBeLessThan(40);
  });

  test("is the same in every version: its digest is part of models' headers", async () => {
    const spec = syntheticSchema.parse({});
    const table = await readTable(syntheticCsv(spec), {
      target: syntheticTarget,
      problemType: syntheticProblemType(spec),
    });
    expect(table.target).toMatchObject({ problemType: "classification" });
    expect(table.digest).toBe("sha256:3de4aaab0c97e2eb6d7b723934a1f127cc01dcd48d3ab5e98cb60536a60daf06");
  });

  test("differs with the seed", () => {
    expect(csv({ seed: 1 })).toBe(csv({ seed: 1 }));
    expect(csv({ seed: 1 })).not.toBe(csv({ seed: 2 }));
  });

  test("comes in chunks when it is large", () => {
    const chunks = [...syntheticCsv(syntheticSchema.parse({ rows: 20_000 }))];
    expect(chunks.length).toBeGreaterThan(4);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(70_000);
    expect(numbers(chunks.join(""))).toHaveLength(20_000);
  });
});

describe("Friedman's first problem", () => {
  const formula = ([x1, x2, x3, x4, x5]: number[]): number =>
    10 * Math.sin(Math.PI * x1! * x2!) + 20 * (x3! - 0.5) ** 2 + 10 * x4! + 5 * x5!;

  test("is his formula over the first five columns, to six decimals", () => {
    for (const row of numbers(csv({ kind: "friedman1", rows: 200, columns: 10 }))) {
      expect(row).toHaveLength(11);
      expect(Math.abs(row[10]! - formula(row))).toBeLessThanOrEqual(0.5000001e-6);
    }
  });

  test("adds normal noise of the standard deviation asked for", () => {
    const rows = numbers(csv({ kind: "friedman1", rows: 20_000, columns: 5, noise: "2.5" }));
    const noise = rows.map((row) => row[5]! - formula(row));
    const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
    const deviation = Math.sqrt(noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noise.length);
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(deviation - 2.5)).toBeLessThan(0.1);
    const within = noise.filter((x) => Math.abs(x) < 2.5).length / noise.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.02);
  });

  test("needs five columns", () => {
    expect(() => csv({ kind: "friedman1", columns: 4 })).toThrow(DataError);
  });
});
