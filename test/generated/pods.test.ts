/** A pod that is made of any task that the API server takes. `npm run test:long -- generated` asks of 100,000 tasks. */
import { describe, expect, test } from "vitest";
import { aTrainTask } from "../builders/objects.ts";
import { notAllowed } from "./allowed-pod.ts";
import { checkPods, podOf } from "./pods.ts";

describe("the pods of 1,000 generated tasks", () => {
  test("pass restricted, have no field that is not on the allow-list, and leave out no field of a spec", () => {
    const { tasks, containers, missing } = checkPods(1_000, 1);
    expect(tasks).toBe(1_000);
    expect(containers).toBeGreaterThan(300);
    expect(missing).toEqual([]);
  }, 240_000);
});

describe("the allow-list", () => {
  const pod = podOf(aTrainTask());
  const [main] = pod.spec?.containers ?? [];

  const extra: Record<string, { change: object; path: string }> = {
    "a field of the pod": { change: { hostNetwork: false }, path: ".spec.hostNetwork" },
    "another account": { change: { serviceAccountName: "admin" }, path: ".spec.serviceAccountName" },
    "another value": { change: { automountServiceAccountToken: true }, path: ".spec.automountServiceAccountToken" },
    "a fixed value that is not there": {
      change: { automountServiceAccountToken: undefined },
      path: ".spec.automountServiceAccountToken",
    },
    "a field of a list's item": {
      change: { containers: [{ ...main, ports: [] }] },
      path: ".spec.containers[].ports",
    },
    "a variable of the loader": {
      change: { containers: [{ ...main, env: [{ name: "LD_PRELOAD" }] }] },
      path: ".spec.containers[].env[].name",
    },
    "another secret": {
      change: { volumes: [{ name: "v", secret: { secretName: "default-token" } }] },
      path: ".spec.volumes[].secret.secretName",
    },
    "a list for an object": { change: { securityContext: [] }, path: ".spec.securityContext" },
  };
  test.each(Object.entries(extra))("names %s", (_, { change, path }) => {
    expect(notAllowed(pod)).toEqual([]);
    expect(notAllowed({ ...pod, spec: { ...pod.spec, containers: [], ...change } })).toEqual([path]);
  });
});
