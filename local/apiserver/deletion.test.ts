import { describe, expect, test } from "vitest";
import { pods, type KubeObject, type Pod } from "../../kube/objects.ts";
import { aServer, send } from "./fixture.ts";

describe("a pod on a node", () => {
  const running = () => {
    const { server, clock } = aServer();
    const { registry } = server;
    const key = { namespace: "default", name: "p" };
    const created = registry.create<Pod>(pods, { metadata: key, spec: { containers: [{ name: "c", image: "i" }] } });
    registry.update<Pod>(pods, {
      ...created,
      spec: { ...created.spec, containers: created.spec?.containers ?? [], nodeName: "n" },
    });
    return { server, registry, clock, key, pod: () => registry.get<Pod>(pods, key) };
  };

  test("is deleted gracefully: it stays with its grace period until the kubelet deletes it with none", () => {
    const { registry, key, pod, server } = running();
    registry.delete(pods, key);
    expect(pod()?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    registry.delete(pods, key);
    expect(pod()?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    registry.delete(pods, key, { gracePeriodSeconds: 5 });
    expect(pod()?.metadata).toMatchObject({ deletionGracePeriodSeconds: 5 });
    registry.delete(pods, key, { gracePeriodSeconds: 0 });
    expect(pod()).toBeUndefined();
    server.close();
  });

  test("bears as deletionTimestamp the end of its grace period", () => {
    const { registry, key, pod, clock, server } = running();
    registry.delete(pods, key, { gracePeriodSeconds: 60 });
    const { deletionTimestamp = "" } = pod()?.metadata ?? {};
    expect(Math.abs(Date.parse(deletionTimestamp) - clock.now() - 60_000)).toBeLessThan(1000);
    server.close();
  });

  test("with a finalizer outlives the grace period, and goes when the finalizer does", () => {
    const { registry, key, pod, server } = running();
    const held = pod();
    registry.update<Pod>(pods, { ...held, metadata: { ...held?.metadata, finalizers: ["example.com/x"] } });
    registry.delete(pods, key, { gracePeriodSeconds: 0 });
    const { finalizers, ...metadata } = pod()?.metadata ?? {};
    expect(finalizers).toEqual(["example.com/x"]);
    registry.update<Pod>(pods, { ...pod(), metadata });
    expect(pod()).toBeUndefined();
    server.close();
  });

  test("that has ended is gone at once", () => {
    const { registry, key, pod, server } = running();
    registry.updateStatus<Pod>(pods, { ...pod(), status: { phase: "Succeeded" } });
    registry.delete(pods, key);
    expect(pod()).toBeUndefined();
    server.close();
  });

  test("is never moved to another node", () => {
    const { registry, pod, server } = running();
    const spec = { ...pod()?.spec, containers: pod()?.spec?.containers ?? [], nodeName: "other" };
    expect(() => registry.update<Pod>(pods, { ...pod(), spec })).toThrow("pod updates may not change fields");
    server.close();
  });
});

test("a Job that is deleted plainly leaves its pods behind, as in Kubernetes", async () => {
  const { server } = aServer();
  const body = {
    metadata: { name: "j" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } } },
  };
  const path = "/apis/batch/v1/namespaces/default/jobs";
  await send(server, { method: "POST", path, body });
  const deleted = JSON.parse((await send(server, { method: "DELETE", path: `${path}/j` })).text) as KubeObject;
  expect(deleted.metadata?.finalizers).toEqual(["orphan"]);
  const again = await send(server, { method: "DELETE", path: `${path}/j?propagationPolicy=Foreground` });
  expect((JSON.parse(again.text) as KubeObject).metadata?.finalizers).toEqual(["foregroundDeletion"]);
  expect((await send(server, { method: "DELETE", path: `${path}/j?propagationPolicy=Background` })).text).toContain(
    "Success",
  );
  server.close();
});
