/**
 * Requests and limits of a training pod. A built-in trainer has small defaults, so that a task which says nothing
 * runs on a laptop; what the task says wins, and a limit is never below its request. After an out-of-memory kill the
 * memory that `status.memory` names replaces the limit, and a request that would be above it grows along.
 */
import { parseQuantity } from "../traintask/quantity.ts";
import type { Resources } from "../traintask/resources.ts";
import { isBuiltIn } from "./failure.ts";
import type { TaskView } from "./views.ts";

type List = Record<string, string>;

const defaults = {
  requests: { cpu: "500m", memory: "256Mi" },
  limits: { memory: "1Gi" },
} as const;

export function podResources(task: TaskView): { requests?: List; limits?: List } {
  const { container } = task.spec.trainer;
  const asked: Resources = container?.resources ?? task.spec.resources ?? {};
  const wanted = isBuiltIn(task) ? withDefaults(asked) : asked;
  const limits = withMemory(wanted.limits, task.status.memory);
  return {
    ...(wanted.requests === undefined ? {} : { requests: wanted.requests }),
    ...(limits === undefined ? {} : { limits }),
  };
}

function withDefaults({ requests = {}, limits = {} }: Resources): { requests: List; limits: List } {
  return {
    requests: withoutExcess({ ...defaults.requests, ...requests }, { given: requests, limits }),
    limits: withoutShortage({ ...defaults.limits, ...limits }, { given: limits, requests }),
  };
}

/** Default requests shrink to the limits that the task gives. */
function withoutExcess(requests: List, { given, limits }: { given: List; limits: List }): List {
  const entries = Object.entries(requests).map(([name, value]): [string, string] => {
    const limit = limits[name];
    return given[name] === undefined && limit !== undefined && isMore(value, limit) ? [name, limit] : [name, value];
  });
  return Object.fromEntries(entries);
}

/** Default limits grow to the requests that the task makes. */
function withoutShortage(limits: List, { given, requests }: { given: List; requests: List }): List {
  const entries = Object.entries(limits).map(([name, value]): [string, string] => {
    const request = requests[name];
    return given[name] === undefined && request !== undefined && isMore(request, value)
      ? [name, request]
      : [name, value];
  });
  return Object.fromEntries(entries);
}

function withMemory(limits: List | undefined, memory: string | undefined): List | undefined {
  return memory === undefined ? limits : { ...limits, memory };
}

function isMore(a: string, b: string): boolean {
  return (parseQuantity(a) ?? 0) > (parseQuantity(b) ?? 0);
}
