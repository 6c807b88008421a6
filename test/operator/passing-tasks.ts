/**
 * Tasks of every kind of fate, and a world that plays its part in them second by second: pods get ready and end, the
 * API seals, people suspend, resume, cancel and delete. Each step looks at what is there, so it fits whatever the
 * operator has managed to do until then.
 */
import { jobs } from "../../kube/objects.ts";
import type { Job } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import type { FailureClass, State } from "../../traintask/reasons.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { sealed } from "./pieces.ts";
import type { World } from "./world.ts";

interface Part {
  /** How the pod of an attempt ends; 0 unless told otherwise. */
  readonly exits?: Readonly<Record<number, { readonly code: number; readonly reason?: string }>>;
  /** What people do once its first attempt runs, and when it stands still after that. */
  readonly whileRunning?: (world: World, job: Job) => Promise<unknown>;
  readonly whileSuspended?: (world: World) => Promise<unknown>;
  readonly end: { state: State; attempt: number; retries: number; failure: FailureClass | undefined };
}

const succeeded = (attempt: number, retries = 0): Part["end"] => ({
  state: "Succeeded",
  attempt,
  retries,
  failure: undefined,
});

export const script: Readonly<Record<string, Part>> = {
  plain: { end: succeeded(1) },
  hungry: { exits: { 1: { code: 137, reason: "OOMKilled" } }, end: succeeded(2, 1) },
  paused: {
    whileRunning: (world) => world.patch({ suspend: true }, "paused"),
    whileSuspended: (world) => world.patch({ suspend: false }, "paused"),
    end: succeeded(2),
  },
  unwanted: {
    whileRunning: (world) => world.patch({ cancel: true }, "unwanted"),
    end: { state: "Cancelled", attempt: 1, retries: 0, failure: "Cancelled" },
  },
  spoiled: {
    exits: { 1: { code: 65 } },
    end: { state: "Failed", attempt: 1, retries: 1, failure: "BadData" },
  },
  robbed: {
    whileRunning: (world, { metadata: { namespace = "", name = "" } = {} }) =>
      world.client.delete(jobs, { namespace, name }, { propagationPolicy: "Background" }),
    end: succeeded(2, 1),
  },
};

const finished: readonly (string | undefined)[] = ["Succeeded", "Failed", "Cancelled"];
const longestSeconds = 600;

/**
 * Plays until all have ended, or for ten minutes of virtual time.
 * @param startOperator called each time that no operator is left
 */
export async function play(world: World, startOperator: () => void): Promise<void> {
  for (const name of Object.keys(script)) await world.submit({ metadata: { name } });
  const done = new Set<string>();
  for (let second = 0; second < longestSeconds; second++) {
    if (world.operators() === 0) startOperator();
    await world.clock.advance(1000);
    for (const job of world.liveJobs()) await playJob(world, job, done);
    for (const task of world.tasks()) await playTask(world, task);
    if (world.tasks().every(({ status }) => finished.includes(status.state))) return;
  }
}

/** A second after its creation its pod is ready; then people act, if they will; then it ends. */
async function playJob(world: World, job: Job, done: Set<string>): Promise<void> {
  const { name = "", deletionTimestamp, labels: marks = {} } = job.metadata ?? {};
  const part = script[marks[labels.task] ?? ""];
  if (part === undefined || deletionTimestamp !== undefined) return;
  if ((job.status?.ready ?? 0) === 0) return world.scripted.ready(name);
  const attempt = Number(marks[labels.attempt]);
  if (attempt === 1 && part.whileRunning !== undefined) {
    const isNoticed = world.task(marks[labels.task]).status.state === "Running";
    if (!isNoticed || done.has(name)) return;
    done.add(name);
    await part.whileRunning(world, job);
    return;
  }
  const { code, reason } = part.exits?.[attempt] ?? { code: 0 };
  world.scripted.end(name, code, reason === undefined ? {} : { reason });
}

/** The API seals what is done, and people resume what they have suspended. */
async function playTask(world: World, { metadata, status, spec }: TrainTask): Promise<void> {
  const { name } = metadata;
  if (status.state === "Suspended" && spec.suspend) await script[name]?.whileSuspended?.(world);
  const isDone = world.jobs().some((job) => {
    return job.metadata?.labels?.[labels.task] === name && (job.status?.succeeded ?? 0) > 0;
  });
  if (isDone && status.model === undefined) await world.patchStatus(sealed, name);
}
