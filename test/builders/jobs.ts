/**
 * Jobs and their pods for tests: valid ones, with what a test is about laid over them.
 */
import type { Job, JobSpec, JobStatus, Pod } from "../../kube/objects.ts";

/** The moment at which the tests of Jobs play. */
export const noon = Date.UTC(2030, 0, 1, 12);

export interface JobOverrides {
  readonly metadata?: Job["metadata"];
  readonly spec?: Partial<JobSpec>;
  readonly status?: JobStatus;
}

export function aJob({ metadata, spec, status }: JobOverrides = {}): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "grow", namespace: "default", uid: "job-uid", ...metadata },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: "TerminatingOrFailed",
      template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "x" }] } },
      ...spec,
    },
    status: { startTime: new Date(noon - 60_000).toISOString(), ...status },
  };
}

export interface PodOverrides {
  readonly name?: string;
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly ready?: boolean;
  /** Completion index. */
  readonly index?: number;
  readonly exitCode?: number;
  /** Seconds before noon at which it ended. */
  readonly endedAgo?: number;
  readonly deleting?: boolean;
  /** Whether it still bears the tracking finalizer. */
  readonly tracked?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly conditions?: readonly { type: string; status: string }[];
}

/** A pod of aJob(); its uid is its name. */
export function aPod(overrides: PodOverrides = {}): Pod {
  const {
    name = "pod",
    phase = "Running",
    ready = false,
    index,
    exitCode,
    deleting = false,
    tracked = true,
  } = overrides;
  const finishedAt = new Date(noon - (overrides.endedAgo ?? 0) * 1000).toISOString();
  const terminated = exitCode === undefined ? undefined : { exitCode, finishedAt, reason: "Error" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      creationTimestamp: new Date(noon - 60_000).toISOString(),
      ...(tracked ? { finalizers: ["batch.kubernetes.io/job-tracking"] } : {}),
      ...(deleting ? { deletionTimestamp: new Date(noon).toISOString() } : {}),
      annotations: {
        ...(index === undefined ? {} : { "batch.kubernetes.io/job-completion-index": `${index}` }),
        ...overrides.annotations,
      },
    },
    spec: { containers: [{ name: "main", image: "x" }] },
    status: {
      phase,
      conditions: [...(ready ? [{ type: "Ready", status: "True" }] : []), ...(overrides.conditions ?? [])],
      ...(terminated === undefined
        ? {}
        : {
            containerStatuses: [
              { name: "main", image: "x", imageID: "", ready: false, restartCount: 0, state: { terminated } },
            ],
          }),
    },
  };
}

export const succeeded = (name: string, overrides: PodOverrides = {}): Pod =>
  aPod({ name, phase: "Succeeded", exitCode: 0, ...overrides });

export const failed = (name: string, overrides: PodOverrides = {}): Pod =>
  aPod({ name, phase: "Failed", exitCode: 1, ...overrides });
