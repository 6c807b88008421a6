/**
 * Why a pod cannot be placed on the one node, in Kubernetes' words; no reason means it fits.
 */
import type { Pod } from "../../kube/objects.ts";
import { add, type Capacity, requestsOf } from "./requests.ts";

export interface NodeFacts {
  readonly labels: Readonly<Record<string, string>>;
  readonly capacity: Capacity;
}

/** Sums of decimal fractions are off by a few units in the last place: 0.1 + 0.2 must fit into 0.3. */
const slack = 1e-9;

/** @param used what the pods placed so far have asked for */
export function misfits(pod: Pod, used: Capacity, { labels, capacity }: NodeFacts): string[] {
  const total = add(used, requestsOf(pod));
  const reasons: string[] = [];
  if (total.pods > capacity.pods) reasons.push("Too many pods");
  if (total.cpu > capacity.cpu + slack) reasons.push("Insufficient cpu");
  if (total.memory > capacity.memory) reasons.push("Insufficient memory");
  const selector = Object.entries(pod.spec?.nodeSelector ?? {});
  if (selector.some(([key, value]) => labels[key] !== value)) {
    reasons.push("node(s) didn't match Pod's node affinity/selector");
  }
  return reasons;
}

/** This cluster has no volumes that outlive a pod: one that claims such a volume would wait for ever, and is told so. */
export function missingClaim({ spec }: Pod): string | undefined {
  const claim = spec?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  if (claim?.persistentVolumeClaim === undefined) return undefined;
  const { claimName } = claim.persistentVolumeClaim;
  return (
    `0/1 nodes are available: persistentvolumeclaim "${claimName}" not found: this local cluster has no persistent ` +
    `volumes. Put what the pod reads into a ConfigMap, or a table into PUT /v1/datasets of the HTTP API.`
  );
}

/** "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory." */
export function unschedulable(reasons: readonly string[]): string {
  const counted = reasons.map((reason) => `1 ${reason}`).toSorted();
  return `0/1 nodes are available: ${counted.join(", ")}.`;
}
