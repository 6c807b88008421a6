import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient, ListOptions } from "../kube/client.ts";
import { TransportError } from "../kube/errors.ts";
import { silentLog } from "../kube/log.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import type { VirtualClock } from "../kube/virtual-clock.ts";
import { aTrainTask } from "../test/builders/objects.ts";
import type { TrainTask } from "../traintask/task.ts";
import { directoryStore } from "./artifacts/directory-store.ts";
import type { ArtifactStore } from "./artifacts/store.ts";
import { datasetStore } from "./datasets/store.ts";
import type { DatasetStore } from "./datasets/store.ts";
import { sweepArtifacts, sweepDatasets } from "./sweep.ts";

const hour = 3_600_000;

let root: string;
let clock: VirtualClock;
let artifacts: ArtifactStore;
let datasets: DatasetStore;
let tasks: TrainTask[];
let failing: boolean;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "traintask-sweep-"));
  clock = virtualClock();
  artifacts = await directoryStore(path.join(root, "artifacts"));
  datasets = await datasetStore({ root: path.join(root, "datasets"), clock, maxNamespaceBytes: 1e6 });
  tasks = [];
  failing = false;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Two tasks to a page. */
function list(_: unknown, options: ListOptions = {}): Promise<unknown> {
  if (failing) return Promise.reject(new TransportError("reset"));
  const from = Number(options.continue ?? 0);
  const rest = from + 2 < tasks.length ? { continue: String(from + 2) } : {};
  return Promise.resolve({ metadata: { resourceVersion: "1", ...rest }, items: tasks.slice(from, from + 2) });
}

const api = () => ({
  artifacts,
  datasets,
  clock,
  log: silentLog,
  signal: new AbortController().signal,
  client: { list } as unknown as KubeClient,
});

describe("artifacts", () => {
  it("go an hour after their task was first found absent, and not before", async () => {
    tasks = ["a", "b", "c"].map((uid) => aTrainTask({ metadata: { uid } }));
    for (const uid of ["a", "b", "c", "gone"]) await artifacts.putProgress(uid, "{}");
    const absentSince = new Map<string, number>();
    await sweepArtifacts(api(), absentSince);
    await clock.advance(hour - 1);
    await sweepArtifacts(api(), absentSince);
    expect((await artifacts.tasks()).toSorted()).toEqual(["a", "b", "c", "gone"]);
    await clock.advance(1);
    await sweepArtifacts(api(), absentSince);
    expect((await artifacts.tasks()).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("stay when the task is seen again in between", async () => {
    await artifacts.putProgress("a", "{}");
    const absentSince = new Map<string, number>();
    await sweepArtifacts(api(), absentSince);
    await clock.advance(hour / 2);
    tasks = [aTrainTask({ metadata: { uid: "a" } })];
    await sweepArtifacts(api(), absentSince);
    tasks = [];
    await clock.advance(hour);
    await sweepArtifacts(api(), absentSince);
    expect(await artifacts.tasks()).toEqual(["a"]);
  });

  it("stay when the tasks cannot be listed", async () => {
    await artifacts.putProgress("a", "{}");
    const absentSince = new Map([["a", -hour]]);
    failing = true;
    await expect(sweepArtifacts(api(), absentSince)).rejects.toThrow(TransportError);
    expect(await artifacts.tasks()).toEqual(["a"]);
  });
});

describe("datasets", () => {
  it("go 30 days after their last use, unless an unfinished task names them", async () => {
    const pieces = async function* (text: string): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    };
    const { uri } = await datasets.put("default", pieces("a,b\n1,2\n"));
    await datasets.put("default", pieces("a,b\n3,4\n"));
    tasks = [aTrainTask({ spec: { dataset: { uri, target: "b" } } })];
    await clock.advance(30 * 24 * hour - 1);
    await sweepDatasets(api());
    expect(await datasets.list("default")).toHaveLength(2);
    await clock.advance(2);
    await sweepDatasets(api());
    expect((await datasets.list("default")).map((one) => one.uri)).toEqual([uri]);
  });
});
