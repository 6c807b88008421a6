import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient, ListOptions } from "../kube/client.ts";
import { TransportError } from "../kube/errors.ts";
import { silentLog } from "../kube/log.ts";
import type { Change } from "../kube/store.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import type { VirtualClock } from "../kube/virtual-clock.ts";
import { aTrainTask } from "../test/builders/objects.ts";
import type { TrainTask } from "../traintask/task.ts";
import { artifactStore } from "./artifacts/artifact-store.ts";
import { directoryObjects } from "./artifacts/directory-objects.ts";
import type { ArtifactStore } from "./artifacts/store.ts";
import { datasetStore } from "./datasets/store.ts";
import type { DatasetStore } from "./datasets/store.ts";
import type { Cache } from "./cache.ts";
import { startSweeping, sweepArtifacts, sweepDatasets } from "./sweep.ts";

const hour = 3_600_000;

let root: string;
let clock: VirtualClock;
let artifacts: ArtifactStore;
let datasets: DatasetStore;
let tasks: TrainTask[];
let failing: boolean;
let watchNamespaces: string[];
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "traintask-sweep-"));
  clock = virtualClock();
  const objects = await directoryObjects(root, 0);
  artifacts = artifactStore(objects);
  datasets = datasetStore({ objects, clock, maxNamespaceBytes: 1e6 });
  tasks = [];
  failing = false;
  watchNamespaces = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Two tasks to a page. */
function list(_: unknown, options: ListOptions = {}): Promise<unknown> {
  if (failing) return Promise.reject(new TransportError("reset"));
  const { namespace } = options;
  const there = tasks.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  const from = Number(options.continue ?? 0);
  const rest = from + 2 < there.length ? { continue: String(from + 2) } : {};
  return Promise.resolve({ metadata: { resourceVersion: "1", ...rest }, items: there.slice(from, from + 2) });
}

const api = () => ({
  artifacts,
  datasets,
  clock,
  log: silentLog,
  settings: { watchNamespaces },
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

describe("where some namespaces are watched, artifacts", () => {
  const aTaskIn = (namespace: string): TrainTask => aTrainTask({ metadata: { uid: `in-${namespace}`, namespace } });
  /** Sweeps until what is absent has been absent for long enough. */
  const sweepFor = async (ms: number): Promise<void> => {
    const absentSince = new Map<string, number>();
    await sweepArtifacts(api(), absentSince);
    await clock.advance(ms);
    await sweepArtifacts(api(), absentSince);
  };
  beforeEach(async () => {
    tasks = ["a", "b"].map(aTaskIn);
    for (const uid of ["in-a", "in-b"]) await artifacts.putProgress(uid, "{}");
  });

  it("of a namespace that was taken out of the list stay, and those of deleted tasks go", async () => {
    watchNamespaces = ["a", "b"];
    await sweepFor(0);
    watchNamespaces = ["a"];
    tasks = tasks.filter(({ metadata }) => metadata.namespace === "b");
    await sweepFor(hour);
    expect(await artifacts.tasks()).toEqual(["in-b"]);
  });

  it("of a namespace that nobody knows stay: they may be those of a time when all were watched", async () => {
    await sweepFor(0);
    watchNamespaces = ["a"];
    await sweepFor(hour);
    expect((await artifacts.tasks()).toSorted()).toEqual(["in-a", "in-b"]);
  });

  it("of a task that came and went between two sweeps go", async () => {
    watchNamespaces = ["a"];
    const stop = new AbortController();
    let tell: (change: Change<TrainTask>) => void = () => undefined;
    const onTask: Cache["onTask"] = (listener) => {
      tell = listener;
      return () => undefined;
    };
    const sweeping = startSweeping({ ...api(), signal: stop.signal, cache: { onTask } as Cache });
    const [task] = tasks;
    tell({ type: "deleted", key: "a/iris", object: task ?? aTaskIn("a") });
    await expect.poll(() => artifacts.namespaceOf("in-a")).toBe("a");
    stop.abort();
    await sweeping;
    tasks = [];
    await sweepFor(hour);
    expect(await artifacts.tasks()).toEqual(["in-b"]);
  });
});

describe("datasets", () => {
  it("of a namespace that is not watched stay", async () => {
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a,b\n1,2\n");
    };
    for (const namespace of ["a", "b"]) await datasets.put(namespace, pieces());
    watchNamespaces = ["a"];
    await clock.advance(31 * 24 * hour);
    await sweepDatasets(api());
    expect([await datasets.list("a"), await datasets.list("b")].map(({ length }) => length)).toEqual([0, 1]);
  });

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
