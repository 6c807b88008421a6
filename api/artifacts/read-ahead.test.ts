import { describe, expect, it } from "vitest";
import { ahead } from "./read-ahead.ts";

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

/** Runs all, and says how many were under way at once. */
async function run(count: number, size: number): Promise<{ order: number[]; atOnce: number }> {
  let underWay = 0;
  let atOnce = 0;
  const fetch = async (one: number): Promise<number> => {
    atOnce = Math.max(atOnce, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, (one * 7) % 5));
    underWay--;
    return one;
  };
  const order: number[] = [];
  for await (const one of ahead(numbers(count), () => size, fetch)) order.push(one);
  return { order, atOnce };
}

describe("reading ahead", () => {
  it("keeps the order, and has several small pieces under way, but not all", async () => {
    const { order, atOnce } = await run(100, 10);
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(atOnce).toBe(16);
  });

  it("fetches large pieces one after the other", async () => {
    expect(await run(5, 2 << 20)).toEqual({ order: [0, 1, 2, 3, 4], atOnce: 1 });
  });

  it("ends with the first error, and no other is left unhandled", async () => {
    const fetch = (one: number): Promise<number> =>
      one >= 3 ? Promise.reject(new Error(`no ${one}`)) : Promise.resolve(one);
    const seen: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const one of ahead(numbers(10), () => 1, fetch)) seen.push(one);
    };
    await expect(reading()).rejects.toThrow("no 3");
    expect(seen).toEqual([0, 1, 2]);
  });
});
