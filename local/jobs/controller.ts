/**
 * The Job controller: carries out what syncJob decides, in the order that makes each step safe to repeat: pods, then
 * status, then finalizers, then events.
 */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Job, jobs, type ObjectMeta, type Pod, pods } from "../../kube/objects.ts";
import { eventRecorder, type RecordEvent } from "../event-recorder.ts";
import { startLoop } from "../loop.ts";
import { controllerOf } from "../owners.ts";
import type { Registry } from "../registry.ts";
import { sameKind } from "../same-kind.ts";
import { type BackOffLimits, kubernetesBackOff } from "./back-off.ts";
import { ownedPods } from "./owned-pods.ts";
import { trackingFinalizer, isTracked } from "./pod-facts.ts";
import { podFor } from "./pod-template.ts";
import { type JobPlan, syncJob } from "./sync.ts";

export interface JobControllerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly backOff?: BackOffLimits;
}

const ourName = "kubernetes.io/job-controller";

/** @returns a function that stops it; nothing is written after that */
export function startJobController(options: JobControllerOptions): () => void {
  const { registry, clock, log, backOff = kubernetesBackOff } = options;
  const record = eventRecorder(registry, clock, "job-controller");
  const owned = ownedPods(registry);
  const loop = startLoop({
    name: "job",
    clock,
    log,
    sync(key) {
      const [kind, namespace = "", name = "", uid = ""] = key.split("/");
      if (kind === "Pod") {
        release(registry, { namespace, name, uid });
        return undefined;
      }
      const job = registry.get<Job>(jobs, { namespace, name });
      const itsPods = owned.of(uid);
      if (job?.metadata?.uid !== uid) {
        // The Job is gone: nobody counts these pods any more.
        for (const pod of itsPods) release(registry, pod.metadata);
        return undefined;
      }
      if ((job.spec?.managedBy ?? ourName) !== ourName) return undefined;
      const plan = syncJob({ job, pods: itsPods, now: clock.now(), limits: backOff });
      carryOut({ registry, record, job, plan });
      return plan.lookAgain;
    },
  });
  const wakeFor = (object: Job | Pod): void => {
    const key = keyFor(object);
    if (key !== undefined) loop.wake(key);
  };
  const unsubscribe = registry.subscribe(({ resource, object }) => {
    if (sameKind(resource, jobs) || sameKind(resource, pods)) wakeFor(object);
  });
  for (const object of [...registry.list<Job>(jobs), ...registry.list<Pod>(pods)]) wakeFor(object);
  return () => {
    unsubscribe();
    loop.close();
    owned.close();
  };
}

/**
 * `kind/namespace/name/uid` of the Job that the object is or that controls it, or of a pod that bears the tracking
 * finalizer though no Job controls it (any more).
 */
function keyFor(object: Job | Pod): string | undefined {
  const { namespace, name, uid } = object.metadata ?? {};
  if (object.kind === "Job") return `Job/${namespace}/${name}/${uid}`;
  const owner = controllerOf(object);
  if (owner?.kind === "Job") return `Job/${namespace}/${owner.name}/${owner.uid}`;
  return isTracked(object) ? `Pod/${namespace}/${name}/${uid}` : undefined;
}

interface Work {
  readonly registry: Registry;
  readonly record: RecordEvent;
  readonly job: Job;
  readonly plan: JobPlan;
}

function carryOut({ registry, record, job, plan }: Work): void {
  for (const pod of plan.delete) {
    deletePod(registry, pod);
    record(job, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata?.name}` });
  }
  for (const podPlan of plan.create) {
    const pod = registry.create<Pod>(pods, podFor(job, podPlan));
    record(job, { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${pod.metadata?.name}` });
  }
  if (plan.status !== undefined && !isDeepStrictEqual(plan.status, job.status)) {
    registry.updateStatus<Job>(jobs, { ...job, status: plan.status });
  }
  for (const pod of plan.release) release(registry, pod.metadata);
  for (const event of plan.events) record(job, event);
  if (plan.expired === true) {
    const { namespace = "", name = "", uid = "" } = job.metadata ?? {};
    registry.delete(jobs, { namespace, name }, { uid, propagationPolicy: "Foreground" });
  }
}

function deletePod(registry: Registry, pod: Pod): void {
  const { namespace = "", name = "", uid = "" } = pod.metadata ?? {};
  if (registry.get(pods, { namespace, name })?.metadata?.uid !== uid) return;
  registry.delete(pods, { namespace, name }, { uid, propagationPolicy: "Background" });
}

/** Takes the tracking finalizer from the pod as it is now; it may have changed since the plan was made. */
function release(registry: Registry, { namespace = "", name = "", uid }: ObjectMeta = {}): void {
  const pod = registry.get<Pod>(pods, { namespace, name });
  if (pod === undefined || pod.metadata?.uid !== uid || !isTracked(pod)) return;
  const { finalizers = [], ...metadata } = pod.metadata ?? {};
  const left = finalizers.filter((finalizer) => finalizer !== trackingFinalizer);
  registry.update<Pod>(pods, { ...pod, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } });
}
