import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StoreError, StoreInUseError } from "./apiserver/storage/store.ts";
import { leavePid, makeDataFolder, StartError, startError } from "./start-error.ts";

describe("a start that fails", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "traintask-start-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const told = (error: unknown, dataDir = folder): string => {
    const answer = startError(error, { dataDir, port: 5000 });
    expect(answer).toBeInstanceOf(StartError);
    return (answer as Error).message;
  };
  const thrown = (act: () => void): unknown => {
    try {
      act();
    } catch (error) {
      return error;
    }
    throw new Error("nothing was thrown");
  };

  it("names the folder that another program uses, and its process as soon as that is known", () => {
    const error = new StoreInUseError("in use");
    expect(told(error)).toBe(
      `Another TrainTask is running on ${folder}. Stop it, or take another folder with --data-dir.`,
    );
    leavePid(folder);
    expect(told(error)).toContain(`Another TrainTask (process ${process.pid}) is running on ${folder}.`);
  });

  it("names the port that is taken, and the option for another", async () => {
    const first = createServer().listen(0, "127.0.0.1");
    await once(first, "listening");
    const { port } = first.address() as AddressInfo;
    const second = createServer().listen(port, "127.0.0.1");
    const [error] = (await once(second, "error")) as [unknown];
    expect(told(error)).toBe(
      "Port 5000 cannot be opened: another program uses it. Take another with --port (0 takes a free one).",
    );
    first.close();
  });

  it("names the folder that cannot be made, and why", () => {
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    for (const dataDir of [file, path.join(file, "below")]) {
      const error = thrown(() => makeDataFolder(dataDir));
      expect(told(error, dataDir)).toContain(`The folder ${dataDir} cannot be used for state: E`);
      expect(told(error, dataDir)).toContain("Take another with --data-dir.");
    }
  });

  it("names the folder whose database cannot be opened", () => {
    expect(told(new StoreError("cluster.db cannot be opened: file is not a database"))).toBe(
      `The folder ${folder} cannot be used for state: cluster.db cannot be opened: file is not a database. ` +
        "Take another with --data-dir.",
    );
  });

  it("is left as it is when it is a mistake of the program", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(startError(mistake, { dataDir: folder, port: 1 })).toBe(mistake);
    const elsewhere = thrown(() => makeDataFolder("/dev/null/below"));
    expect(startError(elsewhere, { dataDir: folder, port: 1 })).toBe(elsewhere);
  });
});
