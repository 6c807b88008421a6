/** Which dataset a task names, and which tasks name a dataset. */
import type { KubeClient } from "../../kube/client.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { datasetUriPrefix, trainTasks } from "../../traintask/names.ts";
import { listAll } from "../list-all.ts";
import { isFields } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";
import { Problem } from "../problem.ts";
import type { DatasetStore } from "./store.ts";

/** The digest of the dataset that a spec names; undefined when it names none, whatever else the spec is. */
export function namedDataset(spec: unknown): string | undefined {
  const dataset = isFields(spec) ? spec["dataset"] : undefined;
  const uri = isFields(dataset) ? dataset["uri"] : undefined;
  return typeof uri === "string" && uri.startsWith(datasetUriPrefix) ? uri.slice(datasetUriPrefix.length) : undefined;
}

/**
 * A task that names a dataset which is not here would only fail later, in its pod. What is no digest at all is left to the API server.
 * @throws Problem 422 with a pointer
 */
export async function checkDataset({ datasets }: { datasets: DatasetStore }, manifest: Manifest): Promise<void> {
  const digest = namedDataset(manifest.spec);
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest)) return;
  const { namespace } = manifest.metadata;
  if ((await datasets.get(namespace, digest)) !== undefined) {
    await datasets.touch(namespace, digest);
    return;
  }
  throw new Problem({
    status: 422,
    detail: `Namespace ${namespace} has no dataset ${digest}: PUT the table to /v1/datasets first.`,
    errors: [{ pointer: "/spec/dataset/uri", detail: "there is no such dataset" }],
  });
}

/** Names of unfinished tasks that name this dataset, asked of the API server: a cache might not know the latest. */
export async function tasksThatName(client: KubeClient, namespace: string, digest: string): Promise<string[]> {
  const names: string[] = [];
  for await (const task of listAll<StoredTask>(client, trainTasks, { namespace }))
    if (namedDataset(task.spec) === digest && !isFinished(task.status)) names.push(task.metadata?.name ?? "");
  return names;
}

type StoredTask = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

function isFinished(status: unknown): boolean {
  const conditions = isFields(status) ? status["conditions"] : undefined;
  if (!Array.isArray(conditions)) return false;
  return conditions.some(
    (one: unknown) =>
      isFields(one) && (one["type"] === "Complete" || one["type"] === "Failed") && one["status"] === "True",
  );
}
