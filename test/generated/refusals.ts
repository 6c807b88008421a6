/** What a task may not even ask for, and that the refusal names the field. The same for each API server. */
import { expect, test } from "vitest";
import { ApiError } from "../../kube/errors.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import type { Door } from "../rule-cases/admission.ts";

const env = (variable: object): object => ({ env: [{ name: "A", ...variable }] });
const volume = (source: object): object => ({ volumes: [{ mountPath: "/data", ...source }] });

const asks: Record<string, { container: object; field: string }> = {
  LD_PRELOAD: { container: env({ name: "LD_PRELOAD", value: "x.so" }), field: "spec.trainer.container.env[0].name" },
  LD_LIBRARY_PATH: { container: env({ name: "LD_LIBRARY_PATH" }), field: "spec.trainer.container.env[0].name" },
  "all GPUs of its node": {
    container: env({ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }),
    field: "spec.trainer.container.env[0].name",
  },
  "a folder of its node": {
    container: volume({ hostPath: { path: "/" } }),
    field: "spec.trainer.container.volumes[0].hostPath",
  },
  "its node's network": { container: { hostNetwork: true }, field: "spec.trainer.container.hostNetwork" },
  "its node's processes": { container: { hostPID: true }, field: "spec.trainer.container.hostPID" },
  "to be privileged": {
    container: { securityContext: { privileged: true } },
    field: "spec.trainer.container.securityContext",
  },
  "to be root": { container: { runAsUser: 0 }, field: "spec.trainer.container.runAsUser" },
  "another account": {
    container: { serviceAccountName: "default" },
    field: "spec.trainer.container.serviceAccountName",
  },
  "another namespace's secret": {
    container: env({ valueFrom: { secretKeyRef: { namespace: "kube-system", name: "traintask-a", key: "b" } } }),
    field: "spec.trainer.container.env[0].valueFrom.secretKeyRef.namespace",
  },
  "a secret that is not for tasks, as a variable": {
    container: env({ valueFrom: { secretKeyRef: { name: "database", key: "password" } } }),
    field: "spec.trainer.container.env[0].valueFrom.secretKeyRef.name",
  },
  "a secret that is not for tasks, as files": {
    container: volume({ secret: { secretName: "database" } }),
    field: "spec.trainer.container.volumes[0].secret.secretName",
  },
  "a token for the Kubernetes API": {
    container: volume({ projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }),
    field: "spec.trainer.container.volumes[0].projected",
  },
};

/** @param door there once the tests run */
export function refusalCases(door: () => Door): void {
  test.each(Object.entries(asks))("no container may ask for %s", async (_, { container, field }) => {
    const { client, namespace } = door();
    const spec = { trainer: { container: { image: "python:3", ...container } } };
    const task = { apiVersion, kind: "TrainTask", metadata: { name: "asks", namespace }, spec } as KubeObject;
    const error = await client.create(trainTasks, task).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).message).toContain(field);
  });
}
