import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ContainerLog, type LogReadOptions } from "./container-log.ts";

const directory = mkdtempSync(join(tmpdir(), "traintask-log-"));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;
const freshPath = (): string => join(directory, `${count++}.log`);

function aLog(text: string, bound = 1000): ContainerLog {
  const log = new ContainerLog(freshPath(), bound);
  log.begin();
  if (text !== "") log.append(Buffer.from(text));
  return log;
}

async function read(log: ContainerLog, options: LogReadOptions = {}): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of log.read(options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("reading", () => {
  const cases: Record<string, { options: LogReadOptions; is: string }> = {
    everything: { options: {}, is: "one\ntwo\nthree\n" },
    "the last line": { options: { tailLines: 1 }, is: "three\n" },
    "the last two lines": { options: { tailLines: 2 }, is: "two\nthree\n" },
    "more lines than there are": { options: { tailLines: 9 }, is: "one\ntwo\nthree\n" },
    "no line": { options: { tailLines: 0 }, is: "" },
    "the first bytes": { options: { limitBytes: 5 }, is: "one\nt" },
    "the first bytes of the last lines": { options: { tailLines: 2, limitBytes: 3 }, is: "two" },
  };
  test.each(Object.entries(cases))("%s", async (_, { options, is }) => {
    expect(await read(aLog("one\ntwo\nthree\n"), options)).toBe(is);
  });

  test("the last line that has no newline yet", async () => {
    expect(await read(aLog("one\ntwo"), { tailLines: 1 })).toBe("two");
  });

  test("the tail for a termination message, bounded in lines and bytes", () => {
    const log = aLog("1\n2\n3\n4\n");
    expect(log.tail({ lines: 2, bytes: 100 }).toString()).toBe("3\n4\n");
    expect(log.tail({ lines: 9, bytes: 3 }).toString()).toBe("\n4\n");
  });
});

describe("a log is bounded", () => {
  test("on disk, and keeps its last part", async () => {
    const path = freshPath();
    const log = new ContainerLog(path, 200);
    log.begin();
    for (let line = 0; line < 1000; line++) log.append(Buffer.from(`line ${line}\n`));
    expect(statSync(path).size + statSync(`${path}.old`).size).toBeLessThanOrEqual(200);
    const text = await read(log);
    expect(text.endsWith("line 998\nline 999\n")).toBe(true);
    expect(text.length).toBeGreaterThan(90);
  });

  test("also where one chunk is larger than the bound", async () => {
    const log = aLog("", 100);
    log.append(Buffer.from("x".repeat(500) + "end"));
    const text = await read(log);
    expect(text.length).toBeLessThanOrEqual(100);
    expect(text.endsWith("end")).toBe(true);
  });
});

test("what was written by an earlier life of this program is read again, across both files", async () => {
  const path = freshPath();
  const log = new ContainerLog(path, 100);
  log.begin();
  for (let line = 10; line < 30; line++) log.append(Buffer.from(`line ${line}\n`));
  log.end();
  expect(await read(new ContainerLog(path, 100))).toBe(await read(log));
});

describe("following", () => {
  test("goes on until the container ends", async () => {
    const log = aLog("one\n");
    const text = read(log, { follow: true });
    await Promise.resolve();
    log.append(Buffer.from("two\n"));
    log.end();
    expect(await text).toBe("one\ntwo\n");
  });

  test("ends at once where the container has ended", async () => {
    const log = aLog("one\n");
    log.end();
    expect(await read(log, { follow: true })).toBe("one\n");
  });

  test("ends when the reader goes away", async () => {
    const log = aLog("one\n");
    const controller = new AbortController();
    const text = read(log, { follow: true, signal: controller.signal });
    setImmediate(() => controller.abort());
    expect(await text).toBe("one\n");
  });

  test("skips what a slow reader has missed for good, and goes on", async () => {
    const log = aLog("first\n", 40);
    const reader = log.read({ follow: true })[Symbol.asyncIterator]();
    expect(Buffer.from((await reader.next()).value as Uint8Array).toString()).toBe("first\n");
    for (let line = 0; line < 50; line++) log.append(Buffer.from(`line ${line}\n`));
    log.end();
    const rest: Uint8Array[] = [];
    for (let step = await reader.next(); step.done !== true; step = await reader.next()) rest.push(step.value);
    const text = Buffer.concat(rest).toString();
    expect(text.endsWith("line 49\n")).toBe(true);
    expect(text.length).toBeLessThanOrEqual(40);
  });
});
