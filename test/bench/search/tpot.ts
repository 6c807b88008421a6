/**
 * TPOT 0.12.2: what is recorded of it (tpot.json, by record_tpot.py), and itself, in a virtual environment of its own.
 * Recorded searches are compared with ours only on the very same rows, which their digest proves.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { NoPythonError, pythonOf } from "../trainer/python.ts";

const here = import.meta.dirname;
const recording = path.join(here, "tpot.json");

export interface Used {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakBytes: number;
}

export interface TpotSearch extends Used {
  readonly name: string;
  readonly seed: number;
  readonly split?: number;
  /** Of the rows. */
  readonly digest?: string;
  readonly evaluations: number;
  readonly failed: number;
  /** On the held-out rows: accuracy or R2. */
  readonly score?: number;
  /** Of the machine before and after. */
  readonly load: readonly [number, number];
}

export interface Recording {
  readonly versions: Readonly<Record<string, string>>;
  readonly searches: readonly TpotSearch[];
}

export function recorded(): Recording {
  if (!existsSync(recording)) throw new NoPythonError("TPOT is not recorded: npm run bench -- search --record");
  return JSON.parse(readFileSync(recording, "utf8")) as Recording;
}

/** Goes on with what is not recorded yet. */
export function record(): void {
  execFileSync(python(), [path.join(here, "record_tpot.py")], { stdio: "inherit" });
}

/** One search of the Flask program's task, now. */
export function measureFlask(seed: number): TpotSearch {
  const task = JSON.stringify({ name: "flask", seed, generations: 10 });
  const printed = execFileSync(python(), [path.join(here, "record_tpot.py"), "measure", task], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(printed) as TpotSearch;
}

function python(): string {
  return pythonOf({ name: "tpot", requirements: path.join(here, "requirements.txt") });
}
