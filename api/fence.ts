/**
 * Who may write for a task: the pod of its current attempt, and nobody else. The way from a token to that verdict:
 *
 *   token --(audience names the task)--> pod uid --> the pod --> its Job --> the task, and this attempt is its latest
 *                                                      '--> the shard that it grows, by its index in the Job
 *
 * Each step asks the API server, not a cache, so an old attempt can write nothing from the moment there is a new one;
 * a verdict is then remembered for 10 s at most.
 */
import { createHash } from "node:crypto";
import type { KubeClient, TokenIdentity } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { NotFoundError } from "../kube/errors.ts";
import { jobs, pods } from "../kube/objects.ts";
import type { Job, KubeObject, Pod } from "../kube/objects.ts";
import { tokenAudience } from "../traintask/contract.ts";
import { labels, trainTasks } from "../traintask/names.ts";
import { parseTrainTask } from "../traintask/parse.ts";
import { terminalCondition } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";
import { isWatched } from "../traintask/watched.ts";
import { remembered } from "./access/remembered.ts";
import { reviewed } from "./access/reviewed.ts";
import type { StrangerLimit } from "./access/stranger-limit.ts";
import type { Bearer } from "./bearer.ts";
import { Problem } from "./problem.ts";

const keepMs = 10_000;
const maxEntries = 10_000;

/** The pod that a request comes from. */
export interface PodIdentity {
  readonly task: TrainTask;
  readonly attempt: number;
  readonly podUid: string;
  /** Which of the task's shards it grows. */
  readonly shard: number;
}

type TaskKey = { readonly namespace: string; readonly name: string };

export interface Fence {
  /**
   * @throws Problem 401 when the token is not valid for this task, 403 when its pod may not (or no longer) write
   */
  admit(bearer: Bearer, task: TaskKey): Promise<PodIdentity>;
  /** The same for a call whose path does not say which task it is for: the token says which of these. */
  admitOneOf(bearer: Bearer, tasks: readonly TaskKey[]): Promise<PodIdentity>;
}

export interface FenceOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** For the audit line of each verdict. */
  readonly log: Log;
  readonly strangers: StrangerLimit;
  /** Tasks of other namespaces are another installation's; empty: there are no others. */
  readonly watchNamespaces: readonly string[];
  /** The latest attempt of a task for which a Job is known; undefined for none. */
  readonly latestAttempt: (uid: string) => number | undefined;
}

export function fence(options: FenceOptions): Fence {
  const { log } = options;
  const verdicts = remembered<PodIdentity>({ ...options, maxEntries, keepMs: () => keepMs });
  const admit = async (bearer: Bearer, task: TaskKey): Promise<PodIdentity> => {
    if (bearer.token === undefined) throw noToken();
    const identity = await verdicts(keyOf(bearer, [task]), async () => {
      const found = await identify(options, bearer, task);
      log.info({ ...task, pod: found.podUid, attempt: found.attempt, allowed: true }, "access of a pod decided");
      return found;
    });
    // What the watch has told meanwhile counts at once.
    checkLatest(options, identity.task.metadata.uid, identity.attempt);
    return identity;
  };
  const admitOneOf = async (bearer: Bearer, tasks: readonly TaskKey[]): Promise<PodIdentity> => {
    if (bearer.token === undefined) throw noToken();
    const who = tasks.length === 0 ? undefined : await whoBears(options, bearer, tasks);
    const task = tasks.find((one) => who?.audiences.includes(tokenAudience(one)));
    if (task === undefined) throw unauthenticated("The token is not valid, or not for a task that may do this.");
    return admit(bearer, task);
  };
  return {
    admit: (bearer, task) => refusalsNoted(log, task, admit(bearer, task)),
    admitOneOf: (bearer, tasks) => refusalsNoted(log, {}, admitOneOf(bearer, tasks)),
  };
}

/** Stands for a token and what it is tried for, and tells neither. */
function keyOf({ token = "" }: Bearer, tasks: readonly TaskKey[]): string {
  const names = tasks.map(({ namespace, name }) => `${namespace}/${name}`);
  return createHash("sha256")
    .update(`${names.join(" ")} ${token}`)
    .digest("hex");
}

/** Who bears a token that was made for one of these tasks; undefined for any other token. */
async function whoBears(
  { client, strangers }: FenceOptions,
  bearer: Bearer,
  tasks: readonly TaskKey[],
): Promise<TokenIdentity | undefined> {
  const { token = "", from } = bearer;
  return strangers.review({ key: keyOf(bearer, tasks), from }, () =>
    reviewed(client.reviewToken(token, tasks.map(tokenAudience))),
  );
}

async function refusalsNoted<T>(log: Log, about: Partial<TaskKey>, admission: Promise<T>): Promise<T> {
  try {
    return await admission;
  } catch (error) {
    if (error instanceof Problem && error.status < 500)
      log.info({ ...about, allowed: false, reason: error.message }, "access of a pod decided");
    throw error;
  }
}

async function identify(options: FenceOptions, bearer: Bearer, key: TaskKey): Promise<PodIdentity> {
  const { client } = options;
  const who = await whoBears(options, bearer, [key]);
  if (who === undefined) throw unauthenticated("The token is not valid, or not for this task.");
  const { name, uid } = podOf(who);
  if (!isWatched(options.watchNamespaces, key.namespace)) throw forbidden("its namespace is not served here");
  const pod = await orForbidden(client.get<Pod>(pods, { namespace: key.namespace, name }), "the pod is gone");
  if (pod.metadata?.uid !== uid) throw forbidden("the token is of another pod of this name");
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") throw forbidden("the pod has ended");
  const owner = pod.metadata.ownerReferences?.find((one) => one.controller === true && one.kind === "Job");
  if (owner === undefined) throw forbidden("the pod belongs to no Job");
  const job = await orForbidden(
    client.get<Job>(jobs, { namespace: key.namespace, name: owner.name }),
    "the pod's Job is gone",
  );
  const stored = await orForbidden(client.get<KubeObject>(trainTasks, key), "the task is gone");
  const task = parseTrainTask(stored);
  const byTask =
    job.metadata?.ownerReferences?.some((one) => one.controller === true && one.uid === task.metadata.uid) ?? false;
  if (job.metadata?.uid !== owner.uid || !byTask) throw forbidden("the pod's Job does not belong to this task");
  const attempt = Number(job.metadata.labels?.[labels.attempt]);
  if (!Number.isSafeInteger(attempt) || attempt < (task.status.attempt ?? 0)) throw superseded();
  checkLatest(options, task.metadata.uid, attempt);
  if (terminalCondition(task) !== undefined) throw forbidden("the task has ended");
  return { task, attempt, podUid: uid, shard: shardOf(pod, task) };
}

/** Of a task with one shard every pod is that shard's; of others the Job controller's label tells. */
function shardOf({ metadata }: Pod, { spec }: TrainTask): number {
  if (spec.shards === 1) return 0;
  const index = metadata?.labels?.[labels.completionIndex] ?? "";
  if (!/^[0-9]{1,4}$/.test(index) || Number(index) >= spec.shards) throw forbidden("the pod is of none of its shards");
  return Number(index);
}

function checkLatest(options: FenceOptions, uid: string, attempt: number): void {
  if (attempt < (options.latestAttempt(uid) ?? 0)) throw superseded();
}

/** A projected token says which pod it was mounted into. */
function podOf(who: TokenIdentity): { name: string; uid: string } {
  const name = who.extra["authentication.kubernetes.io/pod-name"]?.[0];
  const uid = who.extra["authentication.kubernetes.io/pod-uid"]?.[0];
  if (name === undefined || uid === undefined) throw forbidden("the token is not that of a pod");
  return { name, uid };
}

async function orForbidden<T>(work: Promise<T>, reason: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NotFoundError ? forbidden(reason) : error;
  }
}

function noToken(): Problem {
  return unauthenticated("This call is for a task's own pod, which has a token for it.");
}

function unauthenticated(detail: string): Problem {
  return new Problem({ status: 401, detail, headers: { "www-authenticate": "Bearer" } });
}

function forbidden(reason: string): Problem {
  return new Problem({ status: 403, detail: `Only the running attempt's pod may do this: ${reason}.` });
}

function superseded(): Problem {
  return forbidden("a later attempt of the task has begun");
}
