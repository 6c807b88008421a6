/**
 * The contract with the trainer: every name that both a training pod and the rest of the system use. The operator
 * writes environment and files, the API serves the routes, the trainer reads them and exits with one of the codes.
 * `test/contract.test.ts` runs a round trip over all of it; nothing here may be spelled out a second time elsewhere.
 * What they tell each other stands in messages.ts: checking it takes a library, which not every thread of a pod loads.
 */
import { group } from "./names.ts";

/** Environment of a training pod. */
export const env = {
  /** Base URL of the API, without a trailing slash. */
  apiUrl: "TRAINTASK_API_URL",
  namespace: "TRAINTASK_NAMESPACE",
  name: "TRAINTASK_NAME",
  attempt: "TRAINTASK_ATTEMPT",
  /** This pod's shard, 0-based, and how many there are. */
  shard: "TRAINTASK_SHARD",
  shards: "TRAINTASK_SHARDS",
  /** How many threads may grow trees; absent: as many as the pod may use cores. */
  threads: "TRAINTASK_THREADS",
  /** Bytes of memory that the pod may have; absent: as many as its group, or the machine, has. */
  memory: "TRAINTASK_MEMORY_BYTES",
  /** Paths of files. */
  config: "TRAINTASK_CONFIG_FILE",
  token: "TRAINTASK_TOKEN_FILE",
  ca: "TRAINTASK_CA_FILE",
  terminationLog: "TRAINTASK_TERMINATION_LOG",
  /** The file with the task's table: a ConfigMap's or a volume's; for a container, inline rows as well. */
  dataset: "TRAINTASK_DATASET_FILE",
  /** For a container whose data the API keeps: where to GET it, with the token. */
  datasetUrl: "TRAINTASK_DATASET_URL",
  /** A container that announces a model PUTs its bytes here, with the token. */
  modelUrl: "TRAINTASK_MODEL_URL",
  /** Set by the local kubelet alone, to "stdin": the pod ends when its standard input does, for then its parent is gone. */
  parentPipe: "TRAINTASK_PARENT_PIPE",
  /** The same three for clients written for Kubeflow's TrainJob. */
  kubeflowUrl: "KUBEFLOW_TRAINER_SERVER_URL",
  kubeflowCa: "KUBEFLOW_TRAINER_SERVER_CA_CERT",
  kubeflowToken: "KUBEFLOW_TRAINER_SERVER_TOKEN",
} as const;

/** Where files stand in a training pod. The local kubelet substitutes its own directories for mount paths. */
export const paths = {
  mount: "/var/run/secrets/traintask.dev",
  config: "/var/run/secrets/traintask.dev/config.json",
  token: "/var/run/secrets/traintask.dev/token",
  ca: "/var/run/secrets/traintask.dev/ca.crt",
  /** A container's inline rows. */
  rows: "/var/run/secrets/traintask.dev/rows.csv",
  /** Where the ConfigMap or volume with the task's table is mounted, read-only. */
  dataset: "/var/run/traintask.dev/dataset",
  terminationLog: "/dev/termination-log",
} as const;

/** Exit codes of a built-in trainer. 0 means: everything is durable in the API's store. */
export const exitCode = {
  done: 0,
  badConfiguration: 64,
  badData: 65,
  outOfMemory: 71,
  temporary: 75,
  stoppedByRequest: 143,
} as const;

/** Audience of the projected token: it names the task, so a token of one task opens nothing of another. */
export function tokenAudience(task: { namespace: string; name: string }): string {
  return `${group}/namespaces/${task.namespace}/traintasks/${task.name}`;
}

/** Streams of a task's artifacts. `log` is keyed by attempt and pod, the others by shard; `trials` are those of a search. */
export const streams = ["model", "trials", "report", "log"] as const;
export type Stream = (typeof streams)[number];

type TaskKey = { namespace: string; name: string };
const query = (parameters: Record<string, string | number | boolean>): string =>
  new URLSearchParams(
    Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();

/** Paths of the pod-only calls, relative to the API's base URL. */
export const routes = {
  progress: (task: TaskKey): string => `/v1/tasks/${task.name}/progress?${query({ namespace: task.namespace })}`,
  /** PUT a container's whole model. */
  model: (task: TaskKey): string => `/v1/tasks/${task.name}/model?${query({ namespace: task.namespace })}`,
  /** PUT a chunk at `offset`; `last` marks the part as done. GET reads bytes from `offset` on. */
  stream: (task: TaskKey, at: { stream: Stream; shard: number; offset: number; last?: boolean }): string =>
    `/v1/tasks/${task.name}/streams/${at.stream}/${at.shard}?` +
    query({ namespace: task.namespace, offset: at.offset, ...(at.last === undefined ? {} : { last: at.last }) }),
  dataset: (namespace: string, digest: string): string => `/v1/datasets/${digest}?${query({ namespace })}`,
} as const;

export const headers = {
  /** On PUT of a chunk: `sha-256=:<base64>:` of its bytes (RFC 9530). */
  contentDigest: "content-digest",
  /** On GET of a stream: its whole length in bytes, and whether its last chunk was received. */
  streamLength: "traintask-stream-length",
  streamDone: "traintask-stream-done",
} as const;

/** Largest chunk of several lines that a pod sends, in bytes; a chunk is whole lines. The API takes twice as much. */
export const maxChunkBytes = 1 << 20;

/**
 * Longest line of a model, with its newline, in bytes: one that is longer than a chunk is a chunk of its own. A fully
 * grown tree of a million rows has some 30 MB.
 */
export const maxLineBytes = 64 << 20;

/** Of a termination message (messages.ts). */
export const maxTerminationBytes = 4096;
