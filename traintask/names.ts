/**
 * Every name that Kubernetes objects bear because of us: the API group, labels, annotations and how a Job is called.
 * The Job's name is a function of task and attempt, so two operators that act on the same attempt collide on
 * a 409 instead of starting it twice.
 */

export const group = "traintask.dev";
export const version = "v1alpha1";
export const apiVersion = `${group}/${version}`;

/** What the kube client needs to address each of our resources (structurally a `Resource` of kube/client.ts). */
export const trainTasks = { group, version, plural: "traintasks", kind: "TrainTask", namespaced: true } as const;
export const trainQueues = { group, version, plural: "trainqueues", kind: "TrainQueue", namespaced: false } as const;

/** The name that an operator serves queues under unless told otherwise. */
export const defaultControllerName = `${group}/operator`;
export const defaultQueueName = "default";

/** A stored dataset's address is `traintask://datasets/<digest>`. */
export const datasetScheme = "traintask:";
export const datasetUriPrefix = `${datasetScheme}//datasets/`;

/** Secrets that a container may use have names that begin so: whoever names a secret decides, nobody has to read it. */
export const secretPrefix = "traintask-";

export const labels = {
  /** On Jobs and pods: the task's name (for people and selectors; ownership is decided by uid). */
  task: `${group}/task`,
  /** On Jobs and pods: the task's uid. */
  taskUid: `${group}/task-uid`,
  /** On Jobs and pods: the attempt, counted from 1. */
  attempt: `${group}/attempt`,
  /** On Jobs and pods: the queue whose slot they hold. */
  queue: `${group}/queue`,
  /** Kueue's label: admission is then Kueue's. */
  kueueQueue: "kueue.x-k8s.io/queue-name",
  /** Set by Kubernetes on pods of a Job. */
  jobName: "batch.kubernetes.io/job-name",
  completionIndex: "batch.kubernetes.io/job-completion-index",
} as const;

export const annotations = {
  /** On the pod template: the trainer's configuration (PodConfig of messages.ts, JSON), projected to a file. */
  config: `${group}/config`,
  /** On the pod template: the PEM bundle that signs the API's certificate, projected to a file. */
  ca: `${group}/ca`,
  /** On the pod template of a container with inline rows: the rows, projected to a file. */
  rows: `${group}/rows`,
  /** On a task made with an Idempotency-Key: SHA-256 of the request body. */
  requestDigest: `${group}/request-digest`,
} as const;

/** The container of ours in each training pod. */
export const containerName = "trainer";

/**
 * The name of the Job that runs one attempt: `<name, first 40>-<first 8 hex of uid>-<attempt>`.
 * @param task name (a DNS label of at most 63 characters) and uid (an RFC 4122 UUID) of the task
 * @param attempt counted from 1
 * @returns a DNS label of at most 63 characters, so that pods can bear it as a label too
 */
export function jobName(task: { name: string; uid: string }, attempt: number): string {
  const stem = task.name.slice(0, 40).replace(/-+$/, "");
  return `${stem}-${task.uid.replaceAll("-", "").slice(0, 8)}-${attempt}`;
}
