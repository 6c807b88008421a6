/**
 * A pod that is deleted before it was placed has no kubelet that could end it: it is called failed, so that whoever
 * counts it (and holds it by a finalizer until then) can let it go.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Pod, pods } from "../../kube/objects.ts";
import { startLoop } from "../loop.ts";
import type { Registry } from "../registry.ts";
import { sameKind } from "../same-kind.ts";

/** @returns a function that stops it */
export function startPodCollector(options: { registry: Registry; clock: Clock; log: Log }): () => void {
  const { registry, clock, log } = options;
  const loop = startLoop({
    name: "pod collector",
    clock,
    log,
    sync(key) {
      const [namespace = "", name = ""] = key.split("/");
      const pod = registry.get<Pod>(pods, { namespace, name });
      if (pod === undefined || !isStranded(pod)) return undefined;
      registry.updateStatus<Pod>(pods, { ...pod, status: { ...pod.status, phase: "Failed" } });
      return undefined;
    },
  });
  const wake = (pod: Pod): void => {
    if (isStranded(pod)) loop.wake(`${pod.metadata?.namespace}/${pod.metadata?.name}`);
  };
  const unsubscribe = registry.subscribe(({ type, resource, object }) => {
    if (sameKind(resource, pods) && type !== "DELETED") wake(object);
  });
  for (const pod of registry.list<Pod>(pods)) wake(pod);
  return () => {
    unsubscribe();
    loop.close();
  };
}

function isStranded({ metadata, spec, status }: Pod): boolean {
  const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
  return metadata?.deletionTimestamp !== undefined && spec?.nodeName === undefined && !isOver;
}
