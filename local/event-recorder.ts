/**
 * Events of the local cluster's own components. The same thing told again about the same object is one event with a
 * higher count: its name is derived from what it says.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../kube/clock.ts";
import { type Event, events, type KubeObject } from "../kube/objects.ts";
import { StatusError } from "./apiserver/status.ts";
import type { Registry } from "./registry.ts";
import { timestamp } from "./timestamp.ts";

export interface Happening {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Records that something happened to an object. Nothing depends on events: one that is refused is not told. */
export type RecordEvent = (object: KubeObject, happening: Happening) => void;

/** Longest message that Kubernetes keeps. */
const longestMessage = 1024;

/** @param component who tells, e.g. "kubelet" */
export function eventRecorder(registry: Registry, clock: Clock, component: string): RecordEvent {
  const tell: RecordEvent = (object, { type, reason, message }) => {
    const { namespace = "default", name = "", uid = "", resourceVersion } = object.metadata ?? {};
    const digest = createHash("sha256").update([component, uid, type, reason, message].join("\n")).digest("hex");
    const key = { namespace, name: `${name.slice(0, 200)}.${digest.slice(0, 16)}` };
    const now = timestamp(clock.now());
    const known = registry.get<Event>(events, key);
    if (known !== undefined) {
      registry.update<Event>(events, { ...known, count: (known.count ?? 1) + 1, lastTimestamp: now });
      return;
    }
    registry.create<Event>(events, {
      apiVersion: "v1",
      kind: "Event",
      metadata: key,
      involvedObject: {
        ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
        ...(object.kind === undefined ? {} : { kind: object.kind }),
        namespace,
        name,
        uid,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      type,
      reason,
      message: message.slice(0, longestMessage),
      source: { component },
      reportingComponent: component,
      reportingInstance: "local",
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  };
  return (object, happening) => {
    try {
      tell(object, happening);
    } catch (error) {
      // Its namespace is being deleted, for example.
      if (!(error instanceof StatusError)) throw error;
    }
  };
}
