/** Runs of vitest over parts of the tests that need a cluster (vitest.cluster.config.ts), counted together. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failures, none, type Results, sum, tallyLine, tallyOf } from "../results.ts";
import { command, interactive } from "./command.ts";

/**
 * Tests on pretended nodes, on a real node, of what both left behind, and the long one on pretended nodes; and those of
 * `npm test` that need a program which only the cluster's start builds.
 */
export type Part = "kwok" | "cluster" | "after" | "soak" | "tools";

export interface VitestRun {
  /** A folder for what the run leaves to its later parts; goes with the run. */
  readonly folder: string;
  /** Those of the parts in which the person's words select a file. */
  selected(parts: readonly Part[]): Promise<Part[]>;
  /** Whether these words select this file. */
  selects(file: string): Promise<boolean>;
  /** Runs the parts at once, and remembers how they went. */
  test(parts: readonly Part[], options: VitestOptions): Promise<void>;
  /** Of all runs: prints what failed, and the tally. @returns the exit code */
  end(): number;
}

export interface VitestOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Makes the line run where the cluster can be reached. */
  readonly wrap?: (line: [string, ...string[]]) => [string, ...string[]];
}

const root = join(import.meta.dirname, "..", "..");
const vitest = [process.execPath, join(root, "node_modules", "vitest", "vitest.mjs")] as const;
const config = ["--config", join(root, "vitest.cluster.config.ts")];
/** Faults are hit by chance: on a machine of which nobody knows how busy it is, a test that misses has a second try. */
const tries = process.env["CI"] === "true" ? ["--retry=1"] : [];
const projects = (parts: readonly Part[]): string[] => parts.flatMap((part) => ["--project", part]);

/** @param args of the person: names of files, -t and so on */
export function vitestRun(args: readonly string[]): VitestRun {
  const folder = mkdtempSync(join(tmpdir(), "traintask-tests-"));
  const codes: number[] = [];
  const files = async (parts: readonly Part[]): Promise<{ file: string; projectName: Part }[]> => {
    const list = ["list", "--filesOnly", "--json", ...config, ...projects(parts), ...args] as const;
    return JSON.parse(await command([...vitest, ...list], { cwd: root })) as { file: string; projectName: Part }[];
  };
  return {
    folder,
    async selected(parts) {
      const found = await files(parts);
      return parts.filter((part) => found.some(({ projectName }) => projectName === part));
    },
    async selects(file) {
      return (await files(["cluster"])).some((one) => one.file.endsWith(file));
    },
    async test(parts, { env = {}, signal, wrap = (line) => line }) {
      const results = join(folder, `results-${codes.length}.json`);
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
      const line = wrap([...vitest, "run", ...config, ...projects(parts), ...tries, ...reporters, ...args]);
      const code = await interactive(line, { env, signal });
      codes.push(code === 0 && !existsSync(results) ? 1 : code);
    },
    end() {
      const results = readdirSync(folder)
        .filter((file) => file.startsWith("results-"))
        .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Results);
      rmSync(folder, { recursive: true });
      const tally = results.map(tallyOf).reduce(sum, none);
      console.log(["", ...results.flatMap(failures), tallyLine(tally)].join("\n"));
      // Nothing that ran proves nothing.
      return codes.find((code) => code !== 0) ?? (tally.failed > 0 || tally.passed === 0 ? 1 : 0);
    },
  };
}
