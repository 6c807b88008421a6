import { describe, expect, test } from "vitest";
import { Keeper } from "./keeper.ts";
import type { Refitted } from "./refit.ts";
import type { Result } from "./strategy.ts";
import type { TrialError } from "./trial-orders.ts";

const result = (text: string): Result => ({ trial: 0, text, score: 1, size: 1 });
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const error: TrialError = { cause: "error", message: "not on all rows" };

/** Refits end when they are told to. */
function stage(): { keeper: Keeper; asked: string[]; end: (how?: { error: TrialError }) => Promise<void> } {
  const asked: string[] = [];
  let running: PromiseWithResolvers<Refitted | { error: TrialError }> | undefined;
  const keeper = new Keeper(({ text }) => {
    asked.push(text);
    running = Promise.withResolvers();
    return running.promise;
  });
  return {
    keeper,
    asked,
    async end(how) {
      running?.resolve(how ?? { lines: [asked.at(-1)!] });
      await settled();
    },
  };
}
const among =
  (...texts: string[]) =>
  (isExcluded: (text: string) => boolean) =>
    texts.filter((text) => !isExcluded(text)).map(result)[0];

describe("the keeper of the best pipeline", () => {
  test("fits each new best, and skips one that was replaced before its turn came", async () => {
    const { keeper, asked, end } = stage();
    for (const text of ["a", "b", "c"]) keeper.want(result(text));
    expect(asked).toEqual(["a"]);
    await end();
    expect(keeper.kept?.refitted.lines).toEqual(["a"]);
    expect(asked).toEqual(["a", "c"]);
    await end();
    expect(keeper.kept?.result.text).toBe("c");
  });

  test("fits none twice", async () => {
    const { keeper, asked, end } = stage();
    keeper.want(result("a"));
    await end();
    keeper.want(result("a"));
    expect((await keeper.settle(among("a")))?.result.text).toBe("a");
    expect(asked).toEqual(["a"]);
  });

  test("waits for the best where it is being fitted", async () => {
    const { keeper, asked, end } = stage();
    keeper.want(result("a"));
    const kept = keeper.settle(among("a", "b"));
    await end();
    expect((await kept)?.result.text).toBe("a");
    expect(asked).toEqual(["a"]);
  });

  test("takes the next best where one cannot be fitted, and knows why", async () => {
    const { keeper, end } = stage();
    const kept = keeper.settle(among("a", "b", "c"));
    await end({ error });
    await end({ error });
    await end();
    expect((await kept)?.result.text).toBe("c");
    expect([...keeper.failed]).toEqual([
      ["a", error],
      ["b", error],
    ]);
  });

  test("has none where none can be fitted", async () => {
    const { keeper, end } = stage();
    const kept = keeper.settle(among("a"));
    await end({ error });
    expect(await kept).toBeUndefined();
  });

  test("keeps what it has where a better one cannot be fitted", async () => {
    const { keeper, end } = stage();
    keeper.want(result("a"));
    await end();
    keeper.want(result("b"));
    await end({ error });
    expect(keeper.kept?.result.text).toBe("a");
  });

  test("hands on why no process could be had", async () => {
    const keeper = new Keeper(() => Promise.reject(new Error("no process")));
    keeper.want(result("a"));
    await settled();
    await expect(keeper.settle(among("a"))).rejects.toThrow("no process");
  });
});
