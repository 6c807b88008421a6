/** Whether two resources are the same kind of objects: a plural belongs to its group. */
import type { Resource } from "../kube/objects.ts";

export function sameKind(a: Resource, b: Resource): boolean {
  return a.plural === b.plural && a.group === b.group;
}
