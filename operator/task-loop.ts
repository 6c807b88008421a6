/**
 * The task loop: observe, plan, carry out. It plans nothing from a state that is older than what this operator has
 * done itself: a status write without an answer is read back, and a Job on its way into the cache is waited for.
 */
import type { Clock } from "../kube/clock.ts";
import type { Outcome } from "../kube/controller.ts";
import { NotFoundError } from "../kube/errors.ts";
import { parseKey } from "../kube/keys.ts";
import type { KubeObject } from "../kube/objects.ts";
import { trainTasks } from "../traintask/names.ts";
import { carryOut } from "./carry-out.ts";
import type { Hands } from "./carry-out.ts";
import type { Gate } from "./gate.ts";
import { observe, withReads } from "./observe.ts";
import type { Knowledge } from "./observe.ts";
import { plan } from "./plan.ts";

export interface TaskLoopOptions {
  readonly clock: Clock;
  readonly hands: Hands;
  readonly knowledge: Knowledge;
  readonly gate: Gate;
}

/** When to look again at a task whose cache is behind, should no change be heard of, in milliseconds. */
const behindMs = 1000;

export function taskReconciler(options: TaskLoopOptions): (key: string) => Promise<Outcome> {
  const { clock, hands, knowledge, gate } = options;
  return async (key) => {
    const task = knowledge.caches.tasks.store.get(key);
    if (task === undefined) return {};
    const { uid } = task.metadata;
    if (hands.ownWrites.mustBeRead(uid)) await readBack(hands, key, uid);
    if (hands.ownWrites.isBehind(task) || gate.concerns(uid)) return { lookAgainAfterMs: behindMs };
    const now = clock.now();
    const observed = await withReads(observe(knowledge, task, now), hands.client, now);
    const next = plan(observed, now);
    await carryOut(hands, task, next);
    return next.lookAgainAt === undefined ? {} : { lookAgainAfterMs: Math.max(0, next.lookAgainAt - clock.now()) };
  };
}

/** Finds out what the server has after a write whose answer was lost. */
async function readBack({ client, ownWrites }: Hands, key: string, uid: string): Promise<void> {
  try {
    const { metadata } = await client.get<KubeObject>(trainTasks, parseKey(key));
    if (metadata?.uid === uid) ownWrites.reached(uid, metadata.resourceVersion ?? "");
    else ownWrites.forget(uid);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    ownWrites.forget(uid);
  }
}
