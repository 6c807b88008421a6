/**
 * Pods are killed at random while tasks keep coming. However many die: the API's counts are those of the cluster, the limit
 * holds at every version, and in the end every task has ended. The seed chooses pods and deaths; what there is to choose
 * from depends on the machine.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { ConflictError, NotFoundError } from "../../kube/errors.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { random } from "../../traintask/random.ts";
import { until } from "../cluster/until.ts";
import { install, type Installation } from "../cost/installation.ts";
import { killOne } from "./kills.ts";
import { disagreement, recount, type Disagreement, type Recount } from "./recount.ts";
import { watchInstallation, type Watched } from "./watched.ts";

export interface Killing {
  readonly kills: number;
  readonly seed: number;
  /** After so many kills the operator is killed too. */
  readonly operatorEvery: number;
  /** For all of it, in milliseconds. */
  readonly timeoutMs: number;
}

const maxRunning = 20;
/** So many tasks that the queue is never empty. */
const unfinished = 3 * maxRunning;

export function killing({ kills, seed, operatorEvery, timeoutMs }: Killing): void {
  describe(`while ${kills} pods are killed (seed ${seed})`, () => {
    const stop = new AbortController();
    const deaths = new Map<string, number>();
    let installed: Installation;
    let watched: Watched;
    let counts: Recount;
    let apart: Disagreement;
    let submitted = 0;
    let compared: Promise<void>;

    const keepComing = async (): Promise<void> => {
      while (watched.unfinished().length < unfinished && !stop.signal.aborted) {
        submitted += 1;
        await installed.client.create(trainTasks, aTask(installed, submitted));
        await clock.sleep(20, stop.signal);
      }
    };
    const killThem = async (): Promise<void> => {
      const chance = random(seed);
      for (let killed = 0; killed < kills && !stop.signal.aborted; await clock.sleep(100)) {
        const live = watched.live();
        if (live.length === 0) continue;
        try {
          const how = await killOne(installed.client, live, chance);
          deaths.set(how, (deaths.get(how) ?? 0) + 1);
          killed += 1;
          if (killed % operatorEvery === 0) await installed.restart("operator");
        } catch (error) {
          // It ended by itself meanwhile.
          if (!(error instanceof NotFoundError) && !(error instanceof ConflictError)) throw error;
        }
      }
    };

    beforeAll(async () => {
      installed = await install({ maxRunning });
      watched = await watchInstallation(installed, stop.signal);
      counts = await recount(installed);
      apart = disagreement(installed);
      compared = again(stop.signal, () => counts.compare(), 100);
      const looked = again(stop.signal, () => apart.look(watched.ready()), 50);
      for (const work of [compared, looked]) work.catch(() => undefined);
      const flow = new AbortController();
      const coming = again(flow.signal, keepComing, 50);
      const killed = killThem().finally(() => flow.abort());
      await Promise.all([coming, killed]);
      await everyTaskEnds(watched);
      stop.abort();
      await looked;
      console.log(`deaths: ${JSON.stringify(Object.fromEntries(deaths))}; tasks: ${submitted}`);
      console.log(
        `counts compared ${counts.times} times; at most ${watched.most.jobs} Jobs, ${watched.most.pods} pods`,
      );
      console.log(`longest disagreement with the pods: ${(apart.longestMs / 1000).toFixed(1)} s (goal: 2.5 s)`);
    }, timeoutMs);
    afterAll(async () => {
      stop.abort();
      await watched.stopped;
      await counts.close();
      await installed.close();
    });

    it("the API's counts are those of tasks and Jobs at the versions that they name", async () => {
      await compared;
      expect(counts.times).toBeGreaterThan(kills / 10);
    });

    it(`there are never more than ${maxRunning} Jobs, nor pods, that have not ended`, () => {
      expect(watched.most.jobs).toBe(maxRunning);
      expect(watched.most.pods).toBeLessThanOrEqual(maxRunning);
    });

    it("no task is lost, and every one comes to an end", async () => {
      const { items } = await installed.client.list<KubeObject>(trainTasks, { namespace: installed.namespace });
      const statuses = items.map((item) => parseTrainTask(item).status);
      const ends = Map.groupBy(statuses, ({ state }) => state ?? "");
      const causes = Map.groupBy(ends.get("Failed") ?? [], ({ failure }) => failure?.class ?? "");
      for (const [end, all] of [...ends, ...causes]) console.log(`${all.length} ${end}`);
      expect(items.length).toBe(submitted);
      expect([...ends.keys()].filter((state) => state !== "Succeeded" && state !== "Failed")).toEqual([]);
      expect(ends.get("Succeeded")?.length).toBeGreaterThan(submitted / 2);
    });

    it("a task that says how long it is kept is deleted after its end", async () => {
      const { spec, ...task } = aTask(installed, 0);
      await installed.client.create(trainTasks, {
        ...task,
        spec: { ...spec, ttlSecondsAfterFinished: 1 },
      } as KubeObject);
      const isGone = async (): Promise<boolean> => {
        const { items } = await installed.client.list<KubeObject>(trainTasks, { namespace: installed.namespace });
        return !items.some(({ metadata }) => metadata?.name === task.metadata?.name);
      };
      await until("the task is deleted", isGone, { timeoutMs: 60_000 });
    });
  });
}

/** Between two pods a Job waits for up to 80 s here, twice as long each time. @throws Error that names those that do not */
async function everyTaskEnds(watched: Watched): Promise<void> {
  try {
    await until("every task ends", () => watched.unfinished().length === 0, { timeoutMs: 600_000 });
  } catch (cause) {
    throw new Error(`these have not ended: ${watched.unfinished().join(", ")}`, { cause });
  }
}

/** Again and again until the signal aborts. @throws what `once` throws, and ends then */
async function again(signal: AbortSignal, once: () => Promise<void>, everyMs: number): Promise<void> {
  for (; !signal.aborted; await clock.sleep(everyMs, signal)) await once();
}

/** Runs for 1 to 5 seconds. */
const aTask = ({ name, namespace }: Installation, index: number): KubeObject & { spec: object } => ({
  apiVersion,
  kind: trainTasks.kind,
  metadata: { namespace, name: `task-${index}` },
  spec: {
    queue: name,
    backoffLimit: 3,
    trainer: {
      container: { image: "pretended", env: [{ name: "PRETENDED_DURATION", value: `${1 + (index % 5)}s` }] },
    },
  },
});
