/**
 * The Job controller: carries out what syncJob decides, in the order that makes each step safe to repeat: pods, then
 * status, then finalizers, then events.
 */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Job, jobs, type KubeObject, type Pod, pods } from "../../kube/objects.ts";
import { eventRecorder, type RecordEvent } from "../event-recorder.ts";
import { startLoop } from "../loop.ts";
import { controllerOf } from "../owners.ts";
import type { Registry } from "../registry.ts";
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
      const [namespace = "", name = "", uid = ""] = key.split("/");
      const job = registry.get<Job>(jobs, { namespace, name });
      const itsPods = owned.of(uid);
      if (job?.metadata?.uid !== uid) {
        // The Job is gone: nobody counts these pods any more.
        for (const pod of itsPods) release(registry, pod);
        return undefined;
      }
      if ((job.spec?.managedBy ?? ourName) !== ourName) return undefined;
      const plan = syncJob({ job, pods: itsPods, now: clock.now(), limits: backOff });
      carryOut({ registry, record, job, plan });
      return plan.lookAgain;
    },
  });
  const wakeFor = (object: KubeObject): void => {
    const wake = jobKey(object);
    if (wake !== undefined) loop.wake(wake);
  };
  const unsubscribe = registry.subscribe(({ resource, object }) => {
    if (resource.plural === "jobs" || resource.plural === "pods") wakeFor(object);
  });
  for (const object of [...registry.list(jobs), ...registry.list(pods)]) wakeFor(object);
  return () => {
    unsubscribe();
    loop.close();
    owned.close();
  };
}

/** `namespace/name/uid` of the Job that the object is or that controls it. */
function jobKey(object: KubeObject): string | undefined {
  const { namespace, name, uid } = object.metadata ?? {};
  if (object.kind === "Job") return `${namespace}/${name}/${uid}`;
  const owner = controllerOf(object);
  return owner?.kind === "Job" ? `${namespace}/${owner.name}/${owner.uid}` : undefined;
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
  for (const pod of plan.release) release(registry, pod);
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
function release(registry: Registry, { metadata }: Pod): void {
  const pod = registry.get<Pod>(pods, { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" });
  if (pod?.metadata?.uid !== metadata?.uid || pod === undefined || !isTracked(pod)) return;
  const finalizers = (pod.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer);
  registry.update<Pod>(pods, { ...pod, metadata: { ...pod.metadata, finalizers } });
}
