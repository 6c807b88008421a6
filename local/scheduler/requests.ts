/**
 * What a pod asks of the machine. A pod is placed by its requests; what it then uses is the kubelet's business.
 */
import type { Container, Pod } from "../../kube/objects.ts";
import { parseQuantity } from "../../traintask/quantity.ts";

export interface Capacity {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  readonly pods: number;
}

/** The sum over containers, or the largest init container where that is more; a limit stands for a missing request. */
export function requestsOf(pod: Pod): Capacity {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const total = (name: "cpu" | "memory"): number =>
    Math.max(
      containers.reduce((sum, container) => sum + requested(container, name), 0),
      ...initContainers.map((container) => requested(container, name)),
    );
  return { cpu: total("cpu"), memory: total("memory"), pods: 1 };
}

function requested({ resources }: Container, name: "cpu" | "memory"): number {
  const text = resources?.requests?.[name] ?? resources?.limits?.[name];
  return text === undefined ? 0 : amount(text);
}

/** A quantity that cannot be read fits nowhere: its pod waits, and holds up nobody. */
function amount(text: string): number {
  return Math.max(0, parseQuantity(text) ?? Infinity);
}

export function add(a: Capacity, b: Capacity): Capacity {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory, pods: a.pods + b.pods };
}
