import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import { dataSources } from "./data-access.ts";
import type { TemporaryError } from "./errors.ts";

let root: string;
let mount: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "traintask-mount-"));
  mount = path.join(root, "mount");
  mkdirSync(path.join(mount, "2026"), { recursive: true });
  writeFileSync(path.join(mount, "2026/iris.csv"), "x,y\n1,a\n");
  writeFileSync(path.join(root, "token"), "secret");
});
afterEach(() => rmSync(root, { recursive: true }));

async function read(dataset: object, file: string): Promise<string> {
  const { openMounted } = dataSources({ datasetFile: path.join(mount, file) });
  return text(openMounted?.({ testFraction: "0", ...dataset }) as AsyncIterable<Uint8Array>);
}
const fromVolume = (file: string): Promise<string> => read({ volume: { claimName: "tables", path: file } }, file);
const fromConfigMap = (key: string): Promise<string> => read({ configMap: { name: "iris", key } }, key);

const named = (file: string): string => `The file ${JSON.stringify(file)} of claim "tables"`;

describe("a mounted table", () => {
  test("is the file's bytes", async () => {
    expect(await fromVolume("2026/iris.csv")).toBe("x,y\n1,a\n");
  });

  test("may be reached by links that stay in the mount, as a ConfigMap's keys are", async () => {
    symlinkSync("2026", path.join(mount, "..data"));
    symlinkSync("..data/iris.csv", path.join(mount, "iris.csv"));
    expect(await fromConfigMap("iris.csv")).toBe("x,y\n1,a\n");
    expect(await fromVolume("..data/iris.csv")).toBe("x,y\n1,a\n");
  });

  test("that is not in the ConfigMap is bad data, and both names are said", async () => {
    const reading = fromConfigMap("iris.csv");
    await expect(reading).rejects.toBeInstanceOf(DataError);
    await expect(reading).rejects.toThrow('no ConfigMap "iris" with the key "iris.csv"');
  });

  const bad: Record<string, { file: string; make?: () => void; says: string }> = {
    "is not there": { file: "none.csv", says: `${named("none.csv")} is not there` },
    "would lie in a file": { file: "2026/iris.csv/x", says: `${named("2026/iris.csv/x")} is not there` },
    "is a directory": { file: "2026", says: `${named("2026")} is a directory` },
    "is a pipe, which could be read for ever": {
      file: "pipe",
      make: () => execFileSync("mkfifo", [path.join(mount, "pipe")]),
      says: `${named("pipe")} is no regular file`,
    },
    "is a link in a circle": {
      file: "circle",
      make: () => symlinkSync("circle", path.join(mount, "circle")),
      says: `${named("circle")} may not be read`,
    },
    "has a longer name than files may have": {
      file: "a".repeat(300),
      says: `${named("a".repeat(300))} may not be read`,
    },
    "is a link out of the volume": {
      file: "iris.csv",
      make: () => symlinkSync("../token", path.join(mount, "iris.csv")),
      says: `${named("iris.csv")} leads out of the volume`,
    },
    "lies in a folder that is a link out of the volume": {
      file: "up/token",
      make: () => symlinkSync(root, path.join(mount, "up")),
      says: `${named("up/token")} leads out of the volume`,
    },
    "is a link to a neighbour whose name begins like the volume's": {
      file: "iris.csv",
      make: () => {
        writeFileSync(`${mount}-2`, "secret");
        symlinkSync(`${mount}-2`, path.join(mount, "iris.csv"));
      },
      says: `${named("iris.csv")} leads out of the volume`,
    },
  };
  test.each(Object.entries(bad))("that %s is bad data, by the name that the task gives it", async (_, one) => {
    one.make?.();
    const error = await fromVolume(one.file).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error).toBeInstanceOf(DataError);
    expect(error?.message).toContain(one.says);
    expect(error?.message).not.toContain(root);
  });

  test("that may not be read is bad data, and says by whom", async () => {
    for (const directory of [root, mount, path.join(mount, "2026")]) chmodSync(directory, 0o755);
    chmodSync(path.join(mount, "2026/iris.csv"), 0);
    const user = process.geteuid?.();
    // To root nothing is closed.
    if (user === 0) process.seteuid?.(65532);
    try {
      await expect(fromVolume("2026/iris.csv")).rejects.toThrow(/may not be read by user [1-9]\d* \(EACCES\)/);
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
  });

  test("whose disk fails is tried again", async () => {
    // Reading one's own memory at address 0 is an input/output error for everybody.
    const { openMounted } = dataSources({ datasetFile: "/proc/self/mem" });
    const reading = openMounted?.({ testFraction: "0", configMap: { name: "iris", key: "mem" } });
    const all = text(reading as AsyncIterable<Uint8Array>);
    await expect(all).rejects.toMatchObject({ name: "TemporaryError" } satisfies Partial<TemporaryError>);
  });
});
