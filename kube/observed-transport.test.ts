import { describe, expect, it } from "vitest";
import { TransportError } from "./errors.ts";
import { observedTransport, verbOf } from "./observed-transport.ts";
import type { Transport, TransportResponse } from "./transport.ts";

const tasks = "/apis/traintask.dev/v1alpha1";
const verbs: Record<string, [method: string, path: string]> = {
  "a list in a namespace": ["GET", `${tasks}/namespaces/default/traintasks?limit=500`],
  "a list of all namespaces": ["GET", `${tasks}/traintasks`],
  "a list of what has no namespace": ["GET", "/api/v1/namespaces"],
  "a watch": ["GET", "/apis/batch/v1/jobs?watch=1&resourceVersion=5"],
  "a get in a namespace": ["GET", "/api/v1/namespaces/default/pods/one"],
  "a get of a subresource": ["GET", "/api/v1/namespaces/default/pods/one/log?follow=true"],
  "a get of what has no namespace": ["GET", "/api/v1/namespaces/default"],
  "a create": ["POST", "/apis/batch/v1/namespaces/default/jobs"],
  "an update": ["PUT", "/apis/coordination.k8s.io/v1/namespaces/default/leases/one"],
  "a patch": ["PATCH", `${tasks}/namespaces/default/traintasks/one/status`],
  "a delete": ["DELETE", "/apis/batch/v1/namespaces/default/jobs/one"],
};

describe("an observed transport", () => {
  for (const [name, [method, path]] of Object.entries(verbs))
    it(`calls a request by Kubernetes' verb: ${name}`, () => {
      expect(name).toContain(verbOf({ method, path }));
    });

  const answered: TransportResponse = { status: 409, headers: {}, body: (async function* () {})() };
  const seen = async (send: Transport["send"]): Promise<unknown[]> => {
    const calls: unknown[] = [];
    const transport = observedTransport({ send, close: () => Promise.resolve() }, (...call) => calls.push(call));
    await transport.send({ method: "POST", path: "/api/v1/namespaces/default/pods" }).catch(() => undefined);
    return calls;
  };
  it("tells of every answer, whatever it says, and hands it on", async () => {
    expect(await seen(() => Promise.resolve(answered))).toEqual([["create", 409]]);
  });
  it("tells of a request without an answer", async () => {
    expect(await seen(() => Promise.reject(new TransportError("reset")))).toEqual([["create", "none"]]);
  });
});
