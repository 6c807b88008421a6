/** Pieces of the world that tests name: a sealed model, last words, a queue, an answer that says no. */
import type { Event, Job, KubeObject, Pod } from "../../kube/objects.ts";
import type { TransportResponse } from "../../kube/transport.ts";
import { apiVersion } from "../../traintask/names.ts";

/** A model that is whole, as the API says once it is sealed. */
export const sealed = { model: { digest: `sha256:${"a".repeat(64)}`, sizeBytes: 1000, partial: false } };

/** What a trainer leaves behind when it is stopped half way. */
export function lastWords(accuracy: string, now: number): string {
  const trainerStatus = { progressPercentage: 50, lastUpdatedTime: new Date(now).toISOString() };
  return JSON.stringify({ trainerStatus, score: `acc ${accuracy}` });
}

export function aQueueNamed(name: string, spec: object = {}): KubeObject {
  return { apiVersion, kind: "TrainQueue", metadata: { name }, spec } as KubeObject;
}

/** The Event that tells why a Job's pods are not created. */
export function aRefusalOf(job: Pick<Job | Pod, "metadata"> | undefined, message: string): Event {
  const { name = "", namespace = "", uid = "" } = job?.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "refusal", namespace },
    involvedObject: { apiVersion: "batch/v1", kind: "Job", name, namespace, uid },
    reason: "FailedCreate",
    message,
    type: "Warning",
  };
}

/** An answer of an API server that says no. */
export function statusAnswer(code: number, reason: string, message: string): () => TransportResponse {
  const body = JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message });
  return () => ({
    status: code,
    headers: { "content-type": "application/json" },
    body: (async function* () {
      yield new TextEncoder().encode(body);
    })(),
  });
}
