/**
 * TrainTask's own namespace has its API's key and everybody's models in it: a pod there could mount both. The chart's
 * admission policy refuses such tasks at every door; should it be missing, or a task be older than it, no Job is made.
 */
import type { Refusal } from "./observed.ts";
import type { TaskView } from "./views.ts";

/** @param closedNamespace undefined: none is closed */
export function refusedThere({ metadata, spec }: TaskView, closedNamespace: string | undefined): Refusal | undefined {
  if (metadata.namespace !== closedNamespace) return undefined;
  if (spec.trainer.container === undefined && spec.dataset?.volume === undefined) return undefined;
  return {
    kind: "closed",
    message:
      `Namespace ${metadata.namespace} is TrainTask's own: a task with a container or a volume could reach its secrets ` +
      "and its models. Submit the task in another namespace.",
  };
}
