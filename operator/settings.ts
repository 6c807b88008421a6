/** What an operator can be told. main.ts reads it from the environment, a program that embeds the operator sets it. */
import type { PodSettings } from "./pod-template.ts";

export interface OperatorSettings extends PodSettings {
  /** Serves the queues that bear this name. */
  readonly controllerName: string;
  /** Unlike that of any other operator, also of earlier runs of this program. */
  readonly identity: string;
  /** Where the lease stands. */
  readonly namespace: string;
  /** Without it this operator acts at once: only where no other one can be. */
  readonly leaderElection: boolean;
  /** Slots of a queue that does not say how many. */
  readonly maxRunningDefault: number;
  /** Most memory, in bytes, that a retry after an out-of-memory kill is given. Default 64 GiB. */
  readonly memoryCapBytes?: number;
  /** Tasks reconciled at a time. Default 4. */
  readonly workers?: number;
}

export const defaults = { memoryCapBytes: 64 * 2 ** 30, workers: 4 } as const;

/** Name of the lease that operators of one controller name compete for: a DNS label made of it. */
export function leaseName(controllerName: string): string {
  return controllerName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
