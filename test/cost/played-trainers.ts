/**
 * Nodes that are pretended run no trainer: this plays it, for every pod of a built-in trainer in a namespace. With the
 * pod's own token it uploads a small model, a report and a log through the API as a trainer does; the pod then ends
 * (test/cluster/stages.yaml waits for the annotation). A played trainer takes at least until its Job says that it is ready.
 */
import { createHash } from "node:crypto";
import type { KubeClient } from "../../kube/client.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { NotFoundError } from "../../kube/errors.ts";
import { formatKey } from "../../kube/keys.ts";
import { silentLog } from "../../kube/log.ts";
import { jobs, pods, type Job, type KubeObject, type Pod, type Resource } from "../../kube/objects.ts";
import { startReflector } from "../../kube/reflector.ts";
import { headers, routes, tokenAudience, type Stream } from "../../traintask/contract.ts";
import { containerName, labels } from "../../traintask/names.ts";
import { aHeader, aTree, modelText } from "../builders/model.ts";
import type { Installation } from "./installation.ts";

export const doneAnnotation = "pretended.traintask.dev/done";

/** The token of a service account is a subresource of it. */
const tokens: Resource = {
  group: "",
  version: "v1",
  plural: "serviceaccounts/default/token",
  kind: "TokenRequest",
  namespaced: true,
};

const model = modelText(aHeader({ randomForest: { nEstimators: 1 } }), aTree())
  .map((line) => `${line.trimEnd()}\n`)
  .join("");
const uploads: Readonly<Partial<Record<Stream, string>>> = { model, report: '{"score": 1}\n', log: "grown\n" };

/** Plays until the signal aborts. @param onError is told what went wrong with a pod, unless the pod is gone */
export async function playTrainers(
  installation: Installation,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<void> {
  const { namespace, client } = installation;
  const options = { client, clock, log: silentLog, signal, namespace, labelSelector: labels.taskUid };
  const running = startReflector({ ...options, resource: pods, project: (pod: Pod) => pod });
  const ready = startReflector({ ...options, resource: jobs, project: (job: Job) => job });
  const begun = new Set<string>();
  const jobIsReady = async (job: string): Promise<void> => {
    while (!signal.aborted && (ready.store.get(formatKey({ namespace, name: job }))?.status?.ready ?? 0) === 0)
      await clock.sleep(50, signal);
  };
  const play = async (pod: Pod): Promise<void> => {
    const { name = "", uid = "", labels: marks = {} } = pod.metadata ?? {};
    const task = { namespace, name: marks[labels.task] ?? "" };
    try {
      const token = await tokenOf(client, { task, pod: { name, uid } });
      for (const [stream, text] of Object.entries(uploads)) {
        const path = routes.stream(task, { stream: stream as Stream, shard: 0, offset: 0, last: true });
        const answer = await installation.call({ method: "PUT", path, body: text, headers: digestOf(text) }, token);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
      }
      await jobIsReady(marks[labels.jobName] ?? "");
      if (signal.aborted) return;
      await client.patch(
        pods,
        { namespace, name },
        { body: { metadata: { annotations: { [doneAnnotation]: "true" } } } },
      );
    } catch (error) {
      if (!(error instanceof NotFoundError) && !signal.aborted) onError(error);
    }
  };
  running.store.subscribe((change) => {
    const { object: pod } = change;
    const uid = pod.metadata?.uid ?? "";
    if (change.type === "deleted" || pod.status?.phase !== "Running" || begun.has(uid) || !isBuiltIn(pod)) return;
    begun.add(uid);
    void play(pod);
  });
  await Promise.all([running.stopped, ready.stopped]);
}

const isBuiltIn = (pod: Pod): boolean =>
  pod.spec?.containers.some(
    ({ name, env = [] }) => name === containerName && env.some((variable) => variable.name === "TRAINTASK_CONFIG_FILE"),
  ) ?? false;

async function tokenOf(
  client: KubeClient,
  { task, pod }: { task: { namespace: string; name: string }; pod: { name: string; uid: string } },
): Promise<string> {
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", ...pod };
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: { namespace: task.namespace },
    spec: { audiences: [tokenAudience(task)], expirationSeconds: 3600, boundObjectRef },
  };
  const made = await client.create<KubeObject & { status: { token: string } }>(
    tokens,
    request as unknown as KubeObject & { status: { token: string } },
  );
  return made.status.token;
}

const digestOf = (text: string): Record<string, string> => ({
  "content-type": "application/octet-stream",
  [headers.contentDigest]: `sha-256=:${createHash("sha256").update(text).digest("base64")}:`,
});
