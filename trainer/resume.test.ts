import { describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import type { PodConfig } from "../traintask/pod-config.ts";
import { ConfigurationError } from "./errors.ts";
import { type ScriptedApi, scriptedApi } from "./scripted-api.ts";
import { attempt, grower, Killed, linesOf, merged, podConfig, treesOf } from "./scripted-run.ts";

describe("a run that is killed", () => {
  /** Runs attempts until one ends well; each dies at the PUT that `dies` picks. @returns how many there were */
  async function untilDone(api: ScriptedApi, config: PodConfig): Promise<number> {
    for (let attempts = 1; attempts < 100; attempts++) {
      try {
        await attempt(api, { config });
        return attempts;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    throw new Error("never done");
  }

  /** Small forests of several sizes, of classes and of numbers in turn. */
  const forest = (seed: number): PodConfig =>
    podConfig({
      seed,
      nEstimators: 2 + (seed % 3),
      dataset: {
        synthetic:
          seed % 2 === 0
            ? { kind: "friedman1", rows: 20, columns: 5, seed }
            : { kind: "uniform", rows: 20, columns: 2, seed },
      },
    });
  const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

  test.each(seeds)("ends in the same bytes at whichever chunk it died, before or after it: seed %i", async (seed) => {
    const config = forest(seed);
    const undisturbed = scriptedApi();
    let puts = 0;
    undisturbed.script = (moment) => void (moment === "before" && puts++);
    await attempt(undisturbed, { config });
    expect(puts).toBeGreaterThan(4);
    for (const moment of ["before", "after"] as const) {
      for (let fatal = 0; fatal < puts; fatal++) {
        const api = scriptedApi();
        let put = 0;
        api.script = (when) => {
          if (when === moment && put++ === fatal) throw new Killed();
        };
        expect(await untilDone(api, config)).toBe(2);
        expect(api.text("model")).toBe(undisturbed.text("model"));
        expect(api.text("report")).toBe(undisturbed.text("report"));
        expect([api.part("model").done, api.part("report").done]).toEqual([true, true]);
      }
    }
  });

  test("ends in the same bytes when every attempt dies at its second chunk", async () => {
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    const api = scriptedApi();
    let put = 0;
    api.script = (moment) => {
      if (moment === "after" && ++put % 2 === 0 && put < 12) throw new Killed();
    };
    expect(await untilDone(api, podConfig())).toBeGreaterThan(2);
    expect(api.text("model")).toBe(undisturbed.text("model"));
    expect(api.text("report")).toBe(undisturbed.text("report"));
  });

  test("grows no tree again that was stored", async () => {
    const api = scriptedApi();
    let put = 0;
    api.script = (moment) => {
      if (moment === "after" && ++put === 4) throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    const stored = treesOf(api).length;
    expect(stored).toBeGreaterThan(0);
    api.script = () => undefined;
    const made = grower();
    const grown: number[] = [];
    await attempt(api, { grower: { ...made, grow: (tree) => (grown.push(tree), made.grow(tree)) } });
    expect(grown).toEqual(Array.from({ length: 8 - stored }, (_, i) => stored + i));
  });

  test("makes the report that is missing when all parts are done", async () => {
    const api = scriptedApi();
    api.script = (moment, { stream }) => {
      if (moment === "before" && stream === "report") throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    expect(api.part("model").done).toBe(true);
    api.script = () => undefined;
    await attempt(api);
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    expect(api.text("report")).toBe(undisturbed.text("report"));
  });

  test("does nothing when the report is stored", async () => {
    const api = scriptedApi();
    await attempt(api);
    const prepare = (): Promise<never> => Promise.reject(new Error("the data was read"));
    expect(await attempt(api, { grower: { ...grower(), prepare } })).toEqual(["Everything is stored already."]);
  });
});

describe("what is stored by another", () => {
  const storedPart = async (config = podConfig()): Promise<ScriptedApi> => {
    const api = scriptedApi();
    let put = 0;
    api.script = (moment) => {
      if (moment === "after" && ++put === 4) throw new Killed();
    };
    await expect(attempt(api, { config })).rejects.toThrow(Killed);
    api.script = () => undefined;
    return api;
  };
  const rewrite = (api: ScriptedApi, change: (text: string) => string): void => {
    const bytes = Buffer.from(change(api.text("model")));
    api.part("model").chunks = [{ offset: 0, bytes }];
  };

  test("trees of other data are never added to: the data changed", async () => {
    const api = await storedPart();
    const before = api.text("model");
    const config = podConfig({ dataset: { synthetic: { seed: 9 } } });
    await expect(attempt(api, { config })).rejects.toThrow(DataError);
    await expect(attempt(api, { config })).rejects.toThrow(/^The data changed since this task began/);
    expect(api.text("model")).toBe(before);
  });

  test("trees of other options are never added to", async () => {
    const api = await storedPart();
    const before = api.text("model");
    const config = podConfig({ nEstimators: 9 });
    await expect(attempt(api, { config })).rejects.toThrow(ConfigurationError);
    expect(api.text("model")).toBe(before);
  });

  test("a part of another grower version begins again below it, and the model is that of an undisturbed run", async () => {
    const api = await storedPart();
    rewrite(api, (text) => text.replace(/"grower":"[^"]*"/, '"grower":"other/9"'));
    const lines = await attempt(api);
    expect(lines).toContain("The stored trees were grown by another version: beginning again.");
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    expect(await merged(api)).toEqual(await merged(undisturbed));
    expect(api.text("report")).toBe(undisturbed.text("report"));
    expect(api.text("model")).toContain("other/9");
  });

  test("a part that began again and was killed goes on below its last header", async () => {
    const api = await storedPart();
    rewrite(api, (text) => text.replace(/"grower":"[^"]*"/, '"grower":"other/9"'));
    let put = 0;
    api.script = (moment) => {
      if (moment === "after" && ++put === 3) throw new Killed();
    };
    await expect(attempt(api)).rejects.toThrow(Killed);
    api.script = () => undefined;
    await attempt(api);
    expect(linesOf(api).filter((line) => line.includes('"kind":"header"'))).toHaveLength(2);
    const undisturbed = scriptedApi();
    await attempt(undisturbed);
    expect(api.text("model").endsWith(undisturbed.text("model"))).toBe(true);
  });

  test("a finished model of another grower version without a report is refused with a sentence", async () => {
    const api = await storedPart();
    rewrite(api, (text) => text.replace(/"grower":"[^"]*"/, '"grower":"other/9"'));
    api.part("model").done = true;
    await expect(attempt(api)).rejects.toThrow(/finished by other\/9, which left no report/);
  });
});
