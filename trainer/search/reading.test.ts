import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataError } from "../../data/error.ts";
import { StoppedError } from "../errors.ts";
import { podConfig } from "../scripted-run.ts";
import { type Reading, readHere, readSearchTable } from "./reading.ts";

// Threads take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "traintask-reading-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const open = new AbortController().signal;
function reading(csv: string): Reading {
  const file = path.join(directory, "rows.csv");
  writeFileSync(file, csv);
  const dataset = { synthetic: undefined, csv: "x,y\n1,1\n", target: "y", testFraction: "0.25" };
  const config = podConfig({ trainer: { search: { cv: 2 } }, dataset });
  return { config, spec: config.trainer.search!, access: { file } };
}
const rows = `x,y\n${Array.from({ length: 12 }, (_, row) => `${row},${row * row}`).join("\n")}\n`;

describe("reading a table for a search", () => {
  test("in a thread gives what it gives here", async () => {
    expect(await readSearchTable(reading(rows), open)).toEqual(await readHere(reading(rows)));
  });

  test("in a thread fails as it does here", async () => {
    await expect(readSearchTable(reading("x,y\n1,\n"), open)).rejects.toThrow(DataError);
  });

  test("ends when it is told to", async () => {
    const ended = new AbortController();
    const table = readSearchTable(reading(rows), ended.signal);
    ended.abort();
    await expect(table).rejects.toThrow(StoppedError);
  });

  test("of what stands in the task is done at once", async () => {
    const { config, spec } = reading(rows);
    const csv = "x,y\n1,1\n2,3\n3,4\n4,5\n";
    const small = { config: { ...config, dataset: { ...config.dataset, csv } }, spec, access: {} };
    // No thread could have begun: it would be ended.
    expect((await readSearchTable(small, AbortSignal.abort())).data.x.rows).toBe(4);
  });
});
