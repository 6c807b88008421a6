/**
 * Sees to it that the log of every pod is kept: built-in trainers send theirs; a container's is followed on its node;
 * and what a pod could not send before it died is fetched before the pod goes. When the log of an ended task is whole,
 * its status says `logStored`. Level-triggered, like sealing.
 */
import { startController } from "../../kube/controller.ts";
import type { Outcome } from "../../kube/controller.ts";
import { BadRequestError, NotFoundError } from "../../kube/errors.ts";
import { pods } from "../../kube/objects.ts";
import type { ObjectKey, Pod } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import { OffsetError } from "../artifacts/store.ts";
import type { Part } from "../artifacts/store.ts";
import { podPartName } from "../artifacts/pod-part.ts";
import { patchTaskStatus } from "../task-status.ts";
import { copyPodLog } from "./pod-log.ts";

const lookAgainMs = 2000;

type Needs = Pick<Api, "artifacts" | "cache" | "client" | "clock" | "log" | "notices" | "settings" | "signal">;

export function startLogKeeper(api: Needs): { readonly stopped: Promise<void> } {
  const following = new Map<string, Promise<void>>();
  const copied = (uid: string): void => controller.enqueue(uid);
  const reconcile = (uid: string): Promise<Outcome | void> => keepLogs(api, { following, copied }, uid);
  const controller = startController({ ...api, name: "logs", reconcile, workers: 4 });
  api.cache.onTask(({ type, object }) => {
    if (type !== "deleted" && terminalCondition(object) !== undefined && object.status.logStored !== true)
      controller.enqueue(object.metadata.uid);
  });
  api.cache.onJob(({ type, object }) => {
    if (type !== "deleted" && api.cache.taskByUid(object.taskUid)?.spec.trainer.container !== undefined)
      controller.enqueue(object.taskUid);
  });
  const stopped = async (): Promise<void> => {
    await controller.stopped;
    await Promise.all(following.values());
  };
  return { stopped: stopped() };
}

interface Copies {
  /** Copies under way, by pod uid. */
  readonly following: Map<string, Promise<void>>;
  /** Told when one has ended. */
  readonly copied: (task: string) => void;
}

async function keepLogs(api: Needs, copies: Copies, uid: string): Promise<Outcome | void> {
  const task = api.cache.taskByUid(uid);
  if (task === undefined || task.status.logStored === true) return undefined;
  const { namespace } = task.metadata;
  const list = await api.client.list<Pod>(pods, { namespace, labelSelector: `${labels.taskUid}=${uid}` });
  const open = await Promise.all(list.items.map((pod) => keepPod(api, copies, { task, pod })));
  const live = api.cache.jobOf(uid)?.facts.terminal === false;
  if (terminalCondition(task) === undefined) {
    const watches = task.spec.trainer.container !== undefined && live;
    return watches ? { lookAgainAfterMs: lookAgainMs } : undefined;
  }
  if (open.includes(true)) return { lookAgainAfterMs: lookAgainMs };
  await patchTaskStatus(api.client, task.metadata, { status: { logStored: true } });
  return undefined;
}

interface PodOfTask {
  readonly task: TrainTask;
  readonly pod: Pod;
}

/** Answers whether more of this pod's log is to come. */
async function keepPod(api: Needs, copies: Copies, { task, pod }: PodOfTask): Promise<boolean> {
  const podUid = pod.metadata?.uid ?? "";
  const part: Part = {
    task: task.metadata.uid,
    stream: "log",
    name: podPartName({
      attempt: Number(pod.metadata?.labels?.[labels.attempt] ?? 0),
      shard: Number(pod.metadata?.labels?.[labels.completionIndex] ?? 0),
      podUid,
    }),
  };
  if (pod.status?.phase === undefined || pod.status.phase === "Pending") return false;
  if ((await api.artifacts.state(part)).done) return false;
  const follows = task.spec.trainer.container !== undefined;
  if ((follows || isEnded(pod)) && !copies.following.has(podUid)) {
    const copying = copyLog(api, pod, { part, follows })
      .catch((error: unknown) => {
        api.log.error({ err: error, pod: pod.metadata?.name }, "copying a pod's log failed");
        return "broken off" as const;
      })
      .then((end) => {
        copies.following.delete(podUid);
        // A copy that was broken off is begun anew at the next look: a node that is away is not asked without end.
        if (end === "whole") copies.copied(part.task);
      });
    copies.following.set(podUid, copying);
  }
  return true;
}

function isEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

interface Copying {
  readonly part: Part;
  readonly follows: boolean;
}

async function copyLog(api: Needs, pod: Pod, { part, follows }: Copying): Promise<"whole" | "broken off"> {
  const { client, clock, artifacts, signal } = api;
  const { namespace = "", name = "" } = pod.metadata ?? {};
  const stored = (): void => api.notices.stored(part.task);
  // What a built-in trainer had sent before it died stays as it is; the log on its node follows in a part of its own.
  const target = follows ? part : { ...part, name: `${part.name}.node` };
  const sent = follows ? 0 : (await artifacts.state(part)).length;
  const prefix = sent === 0 ? "" : "--- the pod ended before it had sent the rest; its log on the node: ---\n";
  try {
    const options = { client, clock, artifacts, stored, signal, prefix, maxBytes: api.settings.maxLogBytes };
    await copyPodLog(options, { namespace, name }, target);
  } catch (error) {
    // The container never ran, or the node no longer has its log: there is nothing to wait for.
    if (!(error instanceof NotFoundError || error instanceof BadRequestError)) throw error;
  }
  if (signal.aborted || !(await hasEnded(api, { namespace, name }))) return "broken off";
  // The pod's own part last: once it is done, nobody looks again.
  if (target !== part) await markDone(api, target);
  await markDone(api, part);
  stored();
  return "whole";
}

/** Whether the end of the log was its end, and not that of a connection. */
async function hasEnded({ client }: Needs, key: ObjectKey): Promise<boolean> {
  try {
    return isEnded(await client.get<Pod>(pods, key));
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    throw error;
  }
}

async function markDone({ artifacts }: Needs, part: Part): Promise<void> {
  const { length } = await artifacts.state(part);
  try {
    await artifacts.append(part, { offset: length, bytes: Buffer.alloc(0), last: true });
  } catch (error) {
    // Another replica has just brought more: the next look finds a longer part, or one that is done.
    if (!(error instanceof OffsetError)) throw error;
  }
}
