/**
 * A Job controller and a kubelet that a test plays by hand. For each Job it makes one pod, as Kubernetes does; the test
 * says when that pod is ready and how it ends. A pod that is deleted ends by itself with 143, as a trainer does.
 */
import type { Clock } from "../../kube/clock.ts";
import { jobs, pods } from "../../kube/objects.ts";
import type { Job, JobStatus, KubeObject, Pod } from "../../kube/objects.ts";
import type { Registry } from "../../local/registry.ts";
import { containerName } from "../../traintask/names.ts";

export interface End {
  readonly reason?: string;
  readonly message?: string;
  /** Reason of the Job's Failed condition. */
  readonly jobReason?: string;
}

export class ScriptedJobs {
  /** Whether new Jobs get their pod at once. */
  makesPods = true;
  /** Whether deleted pods end by themselves. */
  endsDeletedPods = true;
  readonly #registry: Registry;
  readonly #clock: Clock;

  constructor(registry: Registry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
    registry.subscribe(({ type, resource, object }) => {
      if (resource.plural === "jobs" && type === "ADDED" && this.makesPods) this.#later(() => this.#makePod(object));
      if (resource.plural !== "pods" || type !== "MODIFIED") return;
      if (object.metadata?.deletionTimestamp === undefined || !this.endsDeletedPods) return;
      this.#later(() => this.#endDeleted(object));
    });
  }

  /** The Job's pod becomes ready. */
  ready(name: string): void {
    this.#setPod(name, {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: this.#time() }],
      containerStatuses: [this.#container(true, { running: { startedAt: this.#time() } })],
    });
    this.#setJob(name, { active: 1, ready: 1 });
  }

  /** The Job's pod waits or is not scheduled, for a reason. */
  pending(name: string, status: Pod["status"]): void {
    this.#setPod(name, { phase: "Pending", ...status });
  }

  /** The Job's pod ends, and the Job with it. */
  end(name: string, exitCode: number, end: End = {}): void {
    this.endPod(name, exitCode, end);
    this.endJob(name, exitCode === 0, end.jobReason);
  }

  endPod(name: string, exitCode: number, { reason, message = "" }: End = {}): void {
    const pod = this.#pod(name);
    const running = pod?.status?.containerStatuses?.[0]?.state?.running;
    const terminated = {
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      message,
      startedAt: running?.startedAt ?? this.#time(),
      finishedAt: this.#time(),
    };
    this.#setPod(name, {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [this.#container(false, { terminated })],
    });
  }

  endJob(name: string, succeeded: boolean, reason = "PodFailurePolicy"): void {
    const time = this.#time();
    const condition = {
      type: succeeded ? "Complete" : "Failed",
      status: "True",
      reason: succeeded ? "CompletionsReached" : reason,
      message: succeeded ? "" : "a pod failed",
      lastProbeTime: time,
      lastTransitionTime: time,
    };
    const counts = succeeded ? { succeeded: 1, completionTime: time } : { failed: 1 };
    this.#setJob(name, { active: 0, ready: 0, ...counts, conditions: [condition] });
  }

  setCounts(name: string, status: JobStatus): void {
    this.#setJob(name, status);
  }

  #makePod(owner: KubeObject): void {
    const job = this.#registry.get<Job>(jobs, keyOf(owner));
    const { template } = job?.spec ?? {};
    if (job?.metadata === undefined || template?.spec === undefined || job.metadata.deletionTimestamp) return;
    const { name = "", namespace = "", uid = "" } = job.metadata;
    this.#registry.create<Pod>(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...template.metadata,
        name: `${name}-pod`,
        namespace,
        labels: { ...template.metadata?.labels, "batch.kubernetes.io/job-name": name },
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: { ...template.spec, nodeName: "local" },
    });
    this.#setJob(name, { active: 1 });
  }

  #endDeleted(object: KubeObject): void {
    const pod = this.#registry.get<Pod>(pods, keyOf(object));
    if (pod === undefined) return;
    const name = pod.metadata?.labels?.["batch.kubernetes.io/job-name"] ?? "";
    if (pod.status?.phase !== "Failed" && pod.status?.phase !== "Succeeded") {
      this.endPod(name, 143);
      this.#setJob(name, { active: 0, ready: 0 });
    }
    this.#registry.delete(pods, keyOf(object), { gracePeriodSeconds: 0 });
  }

  #later(act: () => void): void {
    this.#clock.after(0, act);
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  #pod(jobName: string): Pod | undefined {
    return this.#registry.list<Pod>(pods, { labelSelector: `batch.kubernetes.io/job-name=${jobName}` })[0];
  }

  #setPod(jobName: string, status: Pod["status"]): void {
    const pod = this.#pod(jobName);
    if (pod !== undefined) this.#registry.updateStatus<Pod>(pods, { ...pod, status: { ...pod.status, ...status } });
  }

  #setJob(name: string, status: JobStatus): void {
    const job = this.#registry.list<Job>(jobs).find(({ metadata }) => metadata?.name === name);
    if (job !== undefined) this.#registry.updateStatus<Job>(jobs, { ...job, status: { ...job.status, ...status } });
  }

  #container(ready: boolean, state: object): NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number] {
    return { name: containerName, ready, state, image: "x", imageID: "", restartCount: 0 };
  }
}

function keyOf({ metadata }: KubeObject): { namespace: string; name: string } {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}
