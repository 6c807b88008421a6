/**
 * The API while somebody attacks it, against the same API a moment earlier: the 99th percentile of an honest client's
 * waiting, and the peak of its memory. Of several rounds of each attack the median counts.
 */
import { startApiProcess } from "../hostile/api-process.ts";
import { attacks } from "../hostile/attacks.ts";
import { type Harm, harmOf, honest } from "../hostile/measure.ts";
import type { BenchRow } from "./row.ts";

const ms = 4000;
const rounds = 3;

export async function run(): Promise<BenchRow[]> {
  const api = await startApiProcess("kubernetes");
  try {
    await honest(api, 2 * ms);
    const rows: BenchRow[] = [];
    for (const name of Object.keys(attacks({ port: 0, token: "" }))) {
      const harms: Harm[] = [];
      for (let round = 0; round < rounds; round++) harms.push(await harmOf(api, name, ms));
      rows.push(rowOf(name, harms));
    }
    return rows;
  } finally {
    await api.stop();
  }
}

function rowOf(name: string, harms: readonly Harm[]): BenchRow {
  const ratio = ({ before, during }: Harm): number => during.p99Ms / before.p99Ms;
  const middle = harms.toSorted((a, b) => ratio(a) - ratio(b))[harms.length >> 1]!;
  const grown = Math.max(...harms.map(({ grownMiB }) => grownMiB));
  const failed = harms.reduce((sum, { during }) => sum + during.failed, 0);
  return {
    name: `p99 beside ${name}`,
    ours: middle.during.p99Ms,
    reference: middle.before.p99Ms,
    unit: "ms",
    ratio: ratio(middle),
    goal: 2,
    note: `memory + ${grown.toFixed(1)} MiB at most (goal: 16); ${failed} calls failed`,
  };
}
