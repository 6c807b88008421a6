import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingLog, type RecordingLog } from "../kube/scripted-world.ts";
import { selfSigned } from "../kube/self-signed.ts";
import { virtualClock, type VirtualClock } from "../kube/virtual-clock.ts";
import { jobs } from "../kube/objects.ts";
import type { Job } from "../kube/objects.ts";
import { createWorld } from "../test/operator/world.ts";
import { annotations } from "../traintask/names.ts";
import { followAuthority } from "./authority.ts";
import type { Authority } from "./authority.ts";

let folder: string;
let clock: VirtualClock;
let stop: AbortController;
let log: RecordingLog;
let file: string | Error;
let authority: Authority;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "authority-"));
  clock = virtualClock();
  stop = new AbortController();
  log = recordingLog();
  file = "the first one";
  authority = followAuthority({
    read: () => (file instanceof Error ? Promise.reject(file) : Promise.resolve(file)),
    current: file,
    clock,
    log,
    signal: stop.signal,
  });
});
afterEach(async () => {
  stop.abort();
  await authority.stopped;
  rmSync(folder, { recursive: true });
});

const made = selfSigned(mkdtempSync(path.join(tmpdir(), "authority-made-")));
const pem = made === undefined ? "" : readFileSync(made.cert, "utf8");

describe.skipIf(made === undefined)("the authority of the API's certificate (skipped without openssl)", () => {
  it("is the new one soon after its file has changed", async () => {
    expect(authority.current()).toBe("the first one");
    file = pem;
    await clock.advance(10_000);
    expect(authority.current()).toBe(pem);
  });

  it("stays while the file cannot be read or is half written, which is told once, and follows again after that", async () => {
    for (const broken of [new Error("no such file"), "", pem.slice(0, 200)]) {
      file = broken;
      await clock.advance(30_000);
      expect(authority.current()).toBe("the first one");
    }
    expect(log.errors).toHaveLength(1);
    file = pem;
    await clock.advance(10_000);
    expect(authority.current()).toBe(pem);
  });
});

describe("a Job", () => {
  it("is given the authority of its moment, without a restart of the operator", async () => {
    const world = createWorld();
    const given = { authority: "first" };
    world.start({}, { authority: () => given.authority });
    const authorityOf = async (name: string): Promise<string | undefined> => {
      const { metadata } = await world.submit({ metadata: { name } });
      await world.clock.advance(1000);
      const items = world.registry.list<Job>(jobs);
      const job = items.find((one) => one.metadata?.ownerReferences?.[0]?.uid === metadata.uid);
      return job?.spec?.template.metadata?.annotations?.[annotations.ca];
    };
    expect(await authorityOf("before")).toBe("first");
    given.authority = "second";
    expect(await authorityOf("after")).toBe("second");
    await world.close();
  });
});
