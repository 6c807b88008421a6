/**
 * Who owns an object: at most one controller, any number of other owners. Names may be used again, uids never are.
 */
import type { KubeObject, OwnerReference } from "../kube/objects.ts";

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
}
