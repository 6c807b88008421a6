/** Several pods, each with its part of one forest: whatever becomes of them, the model is that of a single pod. */
import { describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import { ModelFormatError } from "../model/errors.ts";
import type { PodConfig } from "../traintask/pod-config.ts";
import { random } from "../traintask/random.ts";
import { ConfigurationError, TemporaryError } from "./errors.ts";
import { type ScriptedApi, scriptedApi } from "./scripted-api.ts";
import { attempt, grower, Killed, linesOf, merged, podConfig, treesOf } from "./scripted-run.ts";

const sharded = (shards: number): ScriptedApi => Object.assign(scriptedApi(), { shards });
const shardsOf = ({ shards }: ScriptedApi): number[] => Array.from({ length: shards }, (_, shard) => shard);

/** One shard's attempts until one ends well. @returns what the last one said */
async function untilDone(api: ScriptedApi, shard: number, config = podConfig()): Promise<string[]> {
  for (;;) {
    try {
      return await attempt(api, { config, share: { shard, shards: api.shards } });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}

/** All shards at the same time. */
async function trained(api: ScriptedApi, config?: PodConfig): Promise<ScriptedApi> {
  await Promise.all(shardsOf(api).map((shard) => untilDone(api, shard, config)));
  return api;
}

/** All parts, and no report. */
async function partsAlone(shards: number, config?: PodConfig): Promise<ScriptedApi> {
  const api = sharded(shards);
  for (const shard of shardsOf(api)) {
    api.script = (moment, { stream }) => {
      if (moment === "before" && stream === "report") throw new Killed();
    };
    await attempt(api, { ...(config && { config }), share: { shard, shards } }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
  }
  api.script = () => undefined;
  return api;
}

const last = { shard: 2, shards: 3 };

describe("a forest of several shards", () => {
  test("has tree i in the part of shard i mod shards, each below the same header", async () => {
    const api = await trained(sharded(3));
    expect(shardsOf(api).map((shard) => treesOf(api, shard))).toEqual([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5],
    ]);
    expect(new Set(shardsOf(api).map((shard) => linesOf(api, shard)[0])).size).toBe(1);
  });

  test("has parts without a tree where there are more shards than trees", async () => {
    const api = await trained(sharded(4), podConfig({ nEstimators: 2 }));
    expect(shardsOf(api).map((shard) => linesOf(api, shard).length)).toEqual([2, 2, 1, 1]);
    expect(await merged(api)).toHaveLength(4);
    expect(JSON.parse(api.text("report"))).toMatchObject({ trees: { grown: 2, asked: 2 } });
  });

  const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
  test.each(seeds)(
    "is byte for byte that of one pod, in 8 shards that are killed five times: seed %i",
    async (seed) => {
      const synthetic = seed % 2 === 0 ? { kind: "friedman1", rows: 20, columns: 5 } : { rows: 20, columns: 2 };
      const config = podConfig({ seed, nEstimators: 10, dataset: { synthetic: { ...synthetic, seed } } });
      const onePod = await trained(sharded(1), config);
      const generator = random(seed);
      const fatal = new Set(Array.from({ length: 5 }, (_, kill) => kill * 8 + generator.below(8)));
      const deadly = generator.below(2) === 0 ? "before" : "after";
      const api = sharded(8);
      let puts = 0;
      let kills = 0;
      api.script = (moment) => {
        if (moment !== deadly || !fatal.has(puts++)) return;
        kills += 1;
        throw new Killed();
      };
      await trained(api, config);
      expect(kills).toBeGreaterThanOrEqual(3);
      expect(await merged(api)).toEqual(await merged(onePod));
      expect(api.text("report")).toBe(onePod.text("report"));
      expect(api.part("report").done).toBe(true);
    },
  );

  test("tells its progress by its own trees", async () => {
    const api = sharded(3);
    const lines = await untilDone(api, 1);
    expect(lines.join("\n")).toMatch(/^Growing 3 of 8 trees with .*\nThis is shard 1 of 3\.\n/);
    const { trainerStatus, curve } = api.progress.at(-1)!;
    expect(trainerStatus).toMatchObject({ progressPercentage: 100 });
    expect(trainerStatus.metrics).toContainEqual({ name: "trees", value: "3" });
    expect(curve).toMatch(/^[▁▂▃▄▅▆▇█]{3}$/);
    expect(lines.at(-1)).toBe("This part is done; 2 others are still growing.");
  });
});

describe("the report on several parts", () => {
  test("is made by whoever finds all of them done at its start", async () => {
    const api = await partsAlone(3);
    expect(api.part("report").done).toBe(false);
    const made = grower(undefined, { share: last });
    const grown: number[] = [];
    await attempt(api, { share: last, grower: { ...made, grow: (tree) => (grown.push(tree), made.grow(tree)) } });
    expect(grown).toEqual([]);
    expect(api.text("report")).toBe((await trained(sharded(1))).text("report"));
  });

  test("may be made by all at the same time", async () => {
    const api = await partsAlone(3);
    const said = await Promise.all(shardsOf(api).map((shard) => untilDone(api, shard)));
    expect(said.map((lines) => lines.at(-1))).toEqual(Array.from({ length: 3 }, () => "Model and report are stored."));
    expect(api.text("report")).toBe((await trained(sharded(1))).text("report"));
  });

  test("waits out an API that is away while the parts are read", async () => {
    const api = await partsAlone(3);
    let failures = 0;
    const breaking: ScriptedApi = {
      ...api,
      async openStream(place) {
        const { bytes, ...stream } = await api.openStream(place);
        const breaks = place.stream === "model" && failures++ % 2 === 0;
        return { ...stream, bytes: breaks ? cutOff(bytes) : bytes };
      },
    };
    await untilDone(breaking, 0);
    expect(failures).toBeGreaterThan(6);
    expect(api.text("report")).toBe((await trained(sharded(1))).text("report"));
  });
});

/** One piece, and then the connection breaks. */
async function* cutOff(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    yield piece;
    throw new TemporaryError("The API's answer broke off: reset.");
  }
}

describe("parts that do not belong together", () => {
  const rewrite = (api: ScriptedApi, change: (text: string) => string): void => {
    api.part("model", 1).chunks = [{ offset: 0, bytes: Buffer.from(change(api.text("model", 1))) }];
  };
  const cases: Record<
    string,
    { change: (text: string) => string; error: new (...args: never) => Error; says: RegExp }
  > = {
    "other data": {
      change: (text) => text.replace(/"data":"sha256:[0-9a-f]{64}"/, `"data":"sha256:${"0".repeat(64)}"`),
      error: DataError,
      says: /^The data changed since this task began/,
    },
    "another task": {
      change: (text) => text.replace('"nEstimators":8', '"nEstimators":9'),
      error: ConfigurationError,
      says: /asks for changed since it began/,
    },
    "another version of the grower": {
      change: (text) => text.replace(/"grower":"[^"]*"/, '"grower":"other/9"'),
      error: ConfigurationError,
      says: /finished by other\/9, which left no report/,
    },
    "trees of another shard": {
      change: (text) => text.replaceAll('{"kind":"tree","tree":1,', '{"kind":"tree","tree":3,'),
      error: ModelFormatError,
      says: /tree 3 stands where tree 1 is expected/,
    },
    "a changed byte": {
      change: (text) => text.replace('"feature":[', '"feature":{'),
      error: ModelFormatError,
      says: /is not JSON/,
    },
    "a tree too few": {
      change: (text) => `${text.split("\n").slice(0, 2).join("\n")}\n`,
      error: ModelFormatError,
      says: /part of shard 1 ends before tree 4/,
    },
  };
  test.each(Object.entries(cases))("%s: no report, no merge", async (_, { change, error, says }) => {
    const api = await partsAlone(3);
    rewrite(api, change);
    const whole = attempt(api, { share: last });
    await expect(whole).rejects.toThrow(error);
    await expect(whole).rejects.toThrow(says);
    expect(api.text("report")).toBe("");
  });
});
