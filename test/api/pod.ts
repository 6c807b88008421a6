/** A training pod as the API sees one: a Job of a task's attempt, a pod of that Job, and the pod's token. */
import { createHash } from "node:crypto";
import { jobs, pods } from "../../kube/objects.ts";
import type { Job, KubeObject, Pod } from "../../kube/objects.ts";
import { routes, tokenAudience } from "../../traintask/contract.ts";
import type { Stream } from "../../traintask/contract.ts";
import { apiVersion, containerName, jobName, labels, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Answer, Stack } from "./stack.ts";

export interface TestPod {
  readonly task: TrainTask;
  readonly job: Job;
  readonly pod: Pod;
  readonly token: string;
  put(chunk: ChunkToPut): Promise<Answer>;
  get(stream: Stream, offset?: number, shard?: number): Promise<Answer>;
  progress(body: object): Promise<Answer>;
}

export interface ChunkToPut {
  readonly stream?: Stream;
  readonly shard?: number;
  readonly offset?: number;
  readonly last?: boolean;
  readonly text?: string;
  /** Sent in place of the right digest. */
  readonly digest?: string;
}

const spec = {
  trainer: { randomForest: { nEstimators: 4 } },
  dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
};

export async function createTask(stack: Stack, name: string, overrides: object = {}): Promise<TrainTask> {
  const object = {
    apiVersion,
    kind: "TrainTask",
    metadata: { name, namespace: "default" },
    spec: { ...spec, ...overrides },
  };
  return parseTrainTask(await stack.client.create<KubeObject>(trainTasks, object));
}

/** Makes the Job and the pod of an attempt, as the operator and the Job controller would. */
export async function startPod(stack: Stack, task: TrainTask, attempt = 1): Promise<TestPod> {
  const job = await createJob(stack, task, attempt);
  return testPod(stack, { task, job, pod: await createPod(stack, { task, job }) });
}

/** The same for a task with several shards: a pod for each. */
export async function startShards(stack: Stack, task: TrainTask, attempt = 1): Promise<TestPod[]> {
  const job = await createJob(stack, task, attempt);
  const shards = Array.from({ length: task.spec.shards }, (_, shard) => shard);
  return Promise.all(
    shards.map(async (shard) => testPod(stack, { task, job, pod: await createPod(stack, { task, job, shard }) })),
  );
}

const container = { name: containerName, image: "trainer" };

function marksOf({ metadata: { name, uid } }: TrainTask, attempt: string): Record<string, string> {
  return { [labels.task]: name, [labels.taskUid]: uid, [labels.attempt]: attempt };
}

async function createJob(stack: Stack, task: TrainTask, attempt: number): Promise<Job> {
  const { name, namespace, uid } = task.metadata;
  const marks = marksOf(task, String(attempt));
  return stack.client.create<Job>(jobs, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName({ name, uid }, attempt),
      namespace,
      labels: marks,
      ownerReferences: [{ apiVersion, kind: "TrainTask", name, uid, controller: true }],
    },
    spec: { template: { metadata: { labels: marks }, spec: { restartPolicy: "Never", containers: [container] } } },
  });
}

interface PodToMake {
  readonly task: TrainTask;
  readonly job: Job;
  /** Its index in the Job; absent: it has none. */
  readonly shard?: number;
}

async function createPod(stack: Stack, { task, job, shard }: PodToMake): Promise<Pod> {
  const owner = job.metadata;
  const marks = marksOf(task, owner?.labels?.[labels.attempt] ?? "");
  return stack.client.create<Pod>(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${owner?.name ?? ""}-${shard ?? 0}`,
      namespace: task.metadata.namespace,
      labels: { ...marks, ...(shard === undefined ? {} : { [labels.completionIndex]: String(shard) }) },
      ownerReferences: [
        { apiVersion: "batch/v1", kind: "Job", name: owner?.name ?? "", uid: owner?.uid ?? "", controller: true },
      ],
    },
    spec: { restartPolicy: "Never", nodeName: "here", containers: [container] },
  });
}

function testPod(stack: Stack, made: { task: TrainTask; job: Job; pod: Pod }): TestPod {
  const { namespace, name } = made.task.metadata;
  const key = { namespace, name };
  const { token } = stack.apiServer.tokens.issue({
    namespace,
    serviceAccountName: "default",
    audiences: [tokenAudience(key)],
    expirationSeconds: 3600,
    pod: { name: made.pod.metadata?.name ?? "", uid: made.pod.metadata?.uid ?? "" },
  });
  const authorization = `Bearer ${token}`;
  return {
    ...made,
    token,
    put({ stream = "model", shard = 0, offset = 0, last = false, text = "", digest }) {
      const right = `sha-256=:${createHash("sha256").update(text).digest("base64")}:`;
      return stack.call(`PUT ${routes.stream(key, { stream, shard, offset, last })}`, {
        headers: { authorization, "content-digest": digest ?? right, "content-type": "application/octet-stream" },
        body: text,
      });
    },
    get: (stream, offset = 0, shard = 0) =>
      stack.call(`GET ${routes.stream(key, { stream, shard, offset })}`, { headers: { authorization } }),
    progress: (body) => stack.call(`POST ${routes.progress(key)}`, { headers: { authorization }, body }),
  };
}

/** Sets the task's conditions, as the operator does at its end. */
export async function endTask(
  stack: Stack,
  task: TrainTask,
  end: { type: "Complete" | "Failed"; reason: string },
): Promise<void> {
  const { namespace, name } = task.metadata;
  const at = "2030-01-01T00:00:00Z";
  const state = end.type === "Complete" ? "Succeeded" : end.reason === "Cancelled" ? "Cancelled" : "Failed";
  const conditions = [{ ...end, status: "True", lastTransitionTime: at }];
  await stack.client.patchStatus(
    trainTasks,
    { namespace, name },
    { body: { status: { state, conditions, completionTime: at } } },
  );
}
