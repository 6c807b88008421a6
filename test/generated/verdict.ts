/** The verdict of the schema and the rules on a task, as the chart's definition holds them, without an API server. */
import { customKind, parseDefinition } from "../../local/apiserver/kinds/custom.ts";
import { structure } from "../../local/apiserver/admission/structure.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { apiVersion } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { chartDefinitions } from "../rule-cases/chart-definitions.ts";
import { created, taskUid } from "../builders/objects.ts";

const kind = customKind(parseDefinition(chartDefinitions()[0] ?? ""));

/** The task as an API server would store it; undefined where it would refuse it. */
export function accepted(spec: object, name = "iris"): TrainTask | undefined {
  const metadata = { name, namespace: "team", uid: taskUid, resourceVersion: "1", creationTimestamp: created };
  const sent = { apiVersion, kind: "TrainTask", metadata: { ...metadata, generation: 1 }, spec };
  const { value, unknown } = structure(sent, kind.schema, "TrainTask");
  const stored = value as KubeObject;
  if (unknown.length > 0 || (kind.behaviour.validate?.(stored, undefined) ?? []).length > 0) return undefined;
  return parseTrainTask(stored);
}
