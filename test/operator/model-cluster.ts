/**
 * A cluster as small as a thought: tasks, Jobs and pods in arrays, and the operator's two pure decisions applied to
 * them, so that ten thousand orders of events can be tried in a second. Nothing here knows what is right; the
 * properties that must hold are stated by the test.
 */
import { attemptAfter, lineUp, wantsSlot } from "../../operator/admission.ts";
import { isTerminal } from "../../operator/conditions.ts";
import { buildJob } from "../../operator/job.ts";
import { isJobTerminal, isPodOver, newestJob } from "../../operator/observed.ts";
import type { Observed } from "../../operator/observed.ts";
import { Phases } from "../../operator/phases.ts";
import { plan } from "../../operator/plan.ts";
import { projectJob, projectPod, projectTask } from "../../operator/project.ts";
import { heldSlots } from "../../operator/slots.ts";
import type { Slot } from "../../operator/slots.ts";
import { timestamp } from "../../kube/timestamp.ts";
import type { JobView, PodView, TaskView } from "../../operator/views.ts";
import { aPod, aTrainTask, anExit } from "../builders/objects.ts";
import { settings } from "./world.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type ModelTask = Mutable<TaskView>;

export class ModelCluster {
  readonly tasks: ModelTask[];
  jobs: JobView[] = [];
  pods: PodView[] = [];
  now = Date.UTC(2030, 0, 1);
  #phases = new Phases();
  #serial = 0;
  readonly #limit: number;

  constructor(count: number, limit: number) {
    this.#limit = limit;
    this.tasks = Array.from({ length: count }, (_, index) => {
      const metadata = {
        name: `task-${index}`,
        uid: `${index}${index}${index}${index}${index}${index}${index}${index}-uid`,
      };
      return projectTask(aTrainTask({ metadata, spec: { backoffLimit: 2, activeDeadlineSeconds: 5000 } }));
    });
  }

  /** One pass of the task loop. */
  pass(index: number): void {
    const task = this.#task(index);
    const observed = this.#observe(task);
    const { deletions, status } = plan(observed, this.now);
    for (const { kind, uid } of deletions) {
      if (kind === "Job") this.#deleteJob(uid);
      if (kind === "Pod") this.#endPod((pod) => pod.metadata.uid === uid, 143);
    }
    if (status !== undefined) task.status = status;
  }

  /** One pass of the admission loop. */
  admit(): void {
    const wanting = this.tasks.filter((task) => wantsSlot(this.#observe(task)));
    for (const task of lineUp(wanting, this.held(), this.#limit).next) this.#create(task);
  }

  held(): Slot[] {
    return heldSlots(this.jobs, this.pods);
  }

  liveJobsOf(task: TaskView): JobView[] {
    return this.jobs.filter((job) => job.taskUid === task.metadata.uid && !isJobTerminal(job));
  }

  /** An operator that has just started remembers nothing. */
  restart(): void {
    this.#phases = new Phases();
  }

  advance(seconds: number): void {
    this.now += seconds * 1000;
  }

  setSpec(index: number, change: Partial<TaskView["spec"]>): void {
    const task = this.#task(index);
    task.spec = { ...task.spec, ...change, cancel: task.spec.cancel || change.cancel === true };
  }

  seal(index: number): void {
    const task = this.#task(index);
    const job = newestJob(this.#jobsOf(task));
    if (job?.status.succeeded === undefined && !isTerminal(task.status)) return;
    task.status = {
      ...task.status,
      model: { digest: `sha256:${"d".repeat(64)}`, sizeBytes: 1, partial: isTerminal(task.status) },
    };
  }

  ready(index: number): void {
    const job = this.#runningJob(index);
    if (job !== undefined) this.#setJob(job, { active: 1, ready: 1 });
  }

  /** The pod of the task's Job ends, and the Job with it as its failure policy has it. */
  end(index: number, exitCode: number, reason?: string): void {
    const job = this.#runningJob(index);
    if (job === undefined) return;
    this.#endPod((pod) => pod.jobName === job.metadata.name, exitCode, reason);
    const lastTransitionTime = timestamp(this.now);
    if (exitCode === 0) {
      this.#setJob(job, {
        active: 0,
        ready: 0,
        succeeded: 1,
        conditions: [{ type: "Complete", status: "True", lastTransitionTime }],
      });
    } else {
      const failed = { type: "Failed", status: "True", reason: "PodFailurePolicy", lastTransitionTime };
      this.#setJob(job, { active: 0, ready: 0, failed: 1, conditions: [failed] });
    }
  }

  /** Somebody deletes the task's Job. Orphaned pods go on; others are told to stop. */
  removeJob(index: number, orphan: boolean): void {
    const job = newestJob(this.#jobsOf(this.#task(index)));
    if (job === undefined) return;
    this.jobs = this.jobs.filter((one) => one !== job);
    if (!orphan) this.#endPod((pod) => pod.jobName === job.metadata.name, 143);
  }

  /** The grace period of every pod that was told to stop is over, and Jobs that waited for that go. */
  reap(): void {
    for (const job of this.jobs.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)) {
      this.#endPod((pod) => pod.jobName === job.metadata.name, 143);
      this.jobs = this.jobs.filter((one) => one !== job);
    }
    this.pods = this.pods.filter(
      (pod) => !isPodOver(pod) || this.jobs.some(({ metadata }) => metadata.name === pod.jobName),
    );
  }

  #observe(task: TaskView): Observed {
    const jobs = this.#jobsOf(task);
    return {
      task,
      queue: "served",
      jobs,
      pods: this.pods.filter(({ taskUid }) => taskUid === task.metadata.uid),
      phaseSince: this.#phases.since(task.metadata.uid, newestJob(jobs), this.now),
      settings: { memoryCapBytes: 2 ** 40 },
    };
  }

  #create(task: TaskView): void {
    const attempt = attemptAfter({ task, jobs: this.#jobsOf(task) });
    const job = buildJob(task, attempt, settings);
    if (this.jobs.some(({ metadata }) => metadata.name === job.metadata?.name)) throw new Error("409");
    const identity = { uid: `job-${++this.#serial}`, resourceVersion: "1", creationTimestamp: timestamp(this.now) };
    this.jobs.push(projectJob({ ...job, metadata: { ...job.metadata, ...identity } }));
    const metadata = { uid: `pod-${this.#serial}`, creationTimestamp: timestamp(this.now) };
    const pod = aPod({ metadata }, { task: aTrainTask(task as object), attempt });
    this.pods.push({ ...projectPod(pod), phase: "Pending" });
  }

  #task(index: number): ModelTask {
    const task = this.tasks[index % this.tasks.length];
    if (task === undefined) throw new RangeError("no task");
    return task;
  }

  #jobsOf(task: TaskView): JobView[] {
    return this.jobs.filter(({ taskUid }) => taskUid === task.metadata.uid);
  }

  #runningJob(index: number): JobView | undefined {
    return this.liveJobsOf(this.#task(index)).find(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  #setJob(job: JobView, status: JobView["status"]): void {
    this.jobs = this.jobs.map((one) => (one === job ? { ...one, status: { ...one.status, ...status } } : one));
  }

  #deleteJob(uid: string): void {
    const deletionTimestamp = timestamp(this.now);
    this.jobs = this.jobs.flatMap((job) => {
      if (job.metadata.uid !== uid) return [job];
      return isJobTerminal(job) ? [] : [{ ...job, metadata: { ...job.metadata, deletionTimestamp } }];
    });
  }

  #endPod(which: (pod: PodView) => boolean, exitCode: number, reason?: string): void {
    const finishedAt = timestamp(this.now);
    const { status } = anExit(exitCode, { finishedAt, startedAt: finishedAt, ...(reason && { reason }) });
    this.pods = this.pods.map((pod) => {
      if (!which(pod) || isPodOver(pod)) return pod;
      return { ...projectPod(aPod({ status: status ?? {} })), ...identityOf(pod) };
    });
  }
}

function identityOf({ metadata, taskUid, taskName, jobName, attempt, queue }: PodView): Partial<PodView> {
  return { metadata, taskUid, taskName, jobName, attempt, queue };
}
