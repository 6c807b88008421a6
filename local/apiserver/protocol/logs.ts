/** The log of a pod's container. Where logs are kept is the kubelet's affair; it gives a LogSource. */
import type { Pod } from "../../../kube/objects.ts";
import { badRequest } from "../status.ts";
import type { Machine } from "../writes.ts";
import type { Answer } from "./answer.ts";
import { existing } from "./objects.ts";
import { flag, wholeNumber, type ResourceRequest } from "./request.ts";

export interface LogQuery {
  readonly container: string;
  /** The life of the container before the present one. */
  readonly previous: boolean;
  /** Goes on until the container has ended or the signal aborts. */
  readonly follow: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly signal: AbortSignal;
}

/** Bytes of a container's log; undefined when it has none (yet). */
export type LogSource = (pod: Pod, query: LogQuery) => AsyncIterable<Uint8Array> | undefined;

/** @throws StatusError 400 when the pod has no such container or it has not started, 404 when there is no pod */
export function serveLog(machine: Machine, request: ResourceRequest & { name: string }, logs: LogSource): Answer {
  const pod = existing(machine, request) as Pod;
  const { query, signal } = request;
  const container = chosenContainer(pod, query.get("container") ?? "");
  // As in Kubernetes: nobody who could be asked is nothing to be said.
  if ((pod.spec?.nodeName ?? "") === "") return { status: 200, text: "" };
  const [tailLines, limitBytes] = [wholeNumber(query, "tailLines"), wholeNumber(query, "limitBytes")];
  const previous = flag(query, "previous");
  const stream = logs(pod, {
    container,
    previous,
    follow: flag(query, "follow"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    signal,
  });
  if (stream !== undefined) return { status: 200, stream };
  const { name, namespace } = pod.metadata ?? {};
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const reason = pod.status?.containerStatuses?.find((status) => status.name === container)?.state?.waiting?.reason;
  throw badRequest(
    reason === undefined
      ? `container "${container}" in pod "${name}" in namespace "${namespace}" is waiting to start: PodInitializing`
      : `container "${container}" in pod "${name}" is waiting to start: ${reason}`,
  );
}

function chosenContainer({ metadata, spec }: Pod, asked: string): string {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  if (asked !== "") {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata?.name}`);
  }
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw badRequest(`a container name must be specified for pod ${metadata?.name}, choose one of: [${names.join(" ")}]`);
}
