/**
 * A task's table as a file in its pod: the key of a ConfigMap or a volume that is mounted read-only, for a container its
 * inline rows as well. What is not there must not keep the pod from starting, for the trainer can say what is missing:
 * only a claim that is not there holds the pod up, and then the scheduler says so.
 */
import type { Container, PodSpec } from "../kube/objects.ts";
import { env, paths, routes } from "../traintask/contract.ts";
import { datasetUriPrefix } from "../traintask/names.ts";
import { isBuiltIn } from "./failure.ts";
import type { TaskView } from "./views.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];
type Mount = NonNullable<Container["volumeMounts"]>[number];

const volumeName = "dataset";

/** The volume that the table lies in, and where it is mounted; undefined where no volume is needed. */
export function datasetVolume({ spec }: TaskView): { readonly volume: Volume; readonly mount: Mount } | undefined {
  const { configMap, volume } = spec.dataset ?? {};
  const mount = { name: volumeName, mountPath: paths.dataset, readOnly: true };
  if (configMap !== undefined) {
    const { name, key } = configMap;
    return { volume: { name: volumeName, configMap: { name, items: [{ key, path: key }], optional: true } }, mount };
  }
  if (volume === undefined) return undefined;
  // Read-only already as a volume: the kubelet then leaves owner and mode of its files as they are.
  const persistentVolumeClaim = { claimName: volume.claimName, readOnly: true };
  return { volume: { name: volumeName, persistentVolumeClaim }, mount };
}

/** A container's inline rows; a built-in trainer has them in its configuration. */
export function inlineRows(task: TaskView): string | undefined {
  return isBuiltIn(task) ? undefined : task.spec.dataset?.csv;
}

/** How the pod is told where its table is. @param apiUrl base URL of the API */
export function datasetVariables(task: TaskView, apiUrl: string): Record<string, string> {
  const { configMap, volume, uri } = task.spec.dataset ?? {};
  if (configMap !== undefined) return { [env.dataset]: verbatim(`${paths.dataset}/${configMap.key}`) };
  if (volume !== undefined) return { [env.dataset]: verbatim(`${paths.dataset}/${volume.path}`) };
  if (inlineRows(task) !== undefined) return { [env.dataset]: paths.rows };
  // A table on the web is the container's to fetch: the token of this address is for the API alone.
  if (isBuiltIn(task) || uri?.startsWith(datasetUriPrefix) !== true) return {};
  return { [env.datasetUrl]: apiUrl + routes.dataset(task.metadata.namespace, uri.slice(datasetUriPrefix.length)) };
}

/** In a variable's value Kubernetes reads `$(NAME)` as a reference, and `$$` as a dollar sign. */
function verbatim(text: string): string {
  return text.replaceAll("$", "$$$$");
}
