/**
 * The shapes of the operator's cache: of each watched object the fields that a policy reads, and no others. project.ts
 * makes them while objects are decoded.
 */
import type { TrainQueueSpec, TrainQueueStatus } from "../traintask/queue.ts";
import type { TrainTaskSpec } from "../traintask/spec.ts";
import type { TrainTaskStatus } from "../traintask/status.ts";

/** Of an object's metadata. Label and annotation maps are kept only where a policy reads them. */
export interface Meta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
}

export interface TaskView {
  readonly metadata: Meta;
  readonly spec: TrainTaskSpec;
  readonly status: TrainTaskStatus;
  /** Bears Kueue's label. */
  readonly kueue: boolean;
  /** The inline table is longer than `longestCachedCsv` and was left out: read the task before building its Job. */
  readonly csvLeftOut: boolean;
}

export interface QueueView {
  readonly metadata: Omit<Meta, "namespace">;
  readonly spec: TrainQueueSpec;
  readonly status: TrainQueueStatus;
}

export interface JobCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface JobView {
  readonly metadata: Meta;
  /** Uid and name of the task that owns it. */
  readonly taskUid: string;
  readonly taskName: string;
  readonly attempt: number;
  readonly queue: string;
  /** The training container's memory limit, as written. */
  readonly memoryLimit?: string;
  readonly status: {
    readonly active?: number;
    readonly ready?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly terminating?: number;
    readonly completionTime?: string;
    readonly conditions?: readonly JobCondition[];
  };
}

export interface ContainerState {
  readonly ready: boolean;
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason: string;
    readonly message: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

export interface PodView {
  readonly metadata: Meta;
  /** By label: an orphan has no owner any more, and still runs. */
  readonly taskUid: string;
  readonly taskName: string;
  readonly jobName: string;
  readonly attempt: number;
  readonly queue: string;
  /** Of an Indexed Job: which shard it grows, and how often earlier pods of that shard failed. */
  readonly shard?: { readonly index: number; readonly failures: number };
  readonly nodeName?: string;
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions: readonly JobCondition[];
  readonly container?: ContainerState;
}
