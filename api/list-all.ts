/** All objects of a kind as the API server has them at the moment of the call, page by page. */
import type { KubeClient } from "../kube/client.ts";
import type { KubeObject, Resource } from "../kube/objects.ts";

export interface ListAllOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly signal?: AbortSignal;
}

const pageSize = 500;

export async function* listAll<T extends KubeObject>(
  client: Pick<KubeClient, "list">,
  resource: Resource,
  options: ListAllOptions = {},
): AsyncGenerator<T> {
  let next: string | undefined;
  do {
    const from = next === undefined ? {} : { continue: next };
    const page = await client.list<T>(resource, { ...options, ...from, limit: pageSize });
    yield* page.items;
    next = page.metadata.continue === "" ? undefined : page.metadata.continue;
  } while (next !== undefined);
}
