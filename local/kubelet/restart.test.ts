import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Pod, pods } from "../../kube/objects.ts";
import {
  aKubelet,
  createPod,
  directory,
  disrupted,
  phase,
  pod,
  podKey as key,
  running,
  state,
} from "../../test/builders/kubelet.ts";
import { memoryServer } from "../../test/builders/registry.ts";

describe("when the program stops", () => {
  test("a pod ends within the grace period, by a disruption", async () => {
    const bench = await running();
    const closed = bench.kubelet.close(3_000);
    await bench.clock.advance(1);
    await closed;
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGTERM"]);
    expect(phase(bench)).toBe("Failed");
    expect(disrupted(bench)).toBe(true);
  });

  test("a pod that will not end is killed after the grace period", async () => {
    const bench = await running({}, { terminationGracePeriodSeconds: 600 }, false);
    const closed = bench.kubelet.close(3_000);
    await bench.clock.advance(2_900);
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGTERM"]);
    await bench.clock.advance(200);
    await closed;
    expect(disrupted(bench)).toBe(true);
  });

  test("a pod that finishes in that time has Succeeded", async () => {
    const bench = await running({}, {}, false);
    const closed = bench.kubelet.close(3_000);
    bench.runtime.containers[0]?.exit(0);
    await bench.clock.advance(1);
    await closed;
    expect(phase(bench)).toBe("Succeeded");
    expect(disrupted(bench)).toBe(false);
  });

  test("a pod that was never started waits for the next start", async () => {
    const bench = aKubelet();
    createPod(bench, { command: [] });
    await bench.clock.advance(1);
    expect(state(bench)?.waiting?.reason).toBe("ImagePullBackOff");
    const closed = bench.kubelet.close(3_000);
    await bench.clock.advance(1);
    await closed;
    expect(phase(bench)).toBe("Pending");
  });
});

describe("when the program has died and is started again", () => {
  test("a pod that ran then has Failed by a disruption, and does not run again", async () => {
    const before = await running();
    const bench = aKubelet({ before });
    await bench.clock.advance(10_000);
    expect(phase(bench)).toBe("Failed");
    expect(disrupted(bench)).toBe(true);
    expect(bench.runtime.containers).toEqual([]);
  });

  test("so has one whose start was not written down in time", async () => {
    const before = await running();
    before.die();
    const started = pod(before) ?? {};
    before.registry.updateStatus<Pod>(pods, { ...started, status: { phase: "Pending" } });
    const bench = aKubelet({ before });
    await bench.clock.advance(10_000);
    expect(disrupted(bench)).toBe(true);
    expect(bench.runtime.containers).toEqual([]);
  });

  test("one that was being deleted goes", async () => {
    const before = await running({}, {}, false);
    before.die();
    before.registry.delete(pods, key);
    const bench = aKubelet({ before });
    await bench.clock.advance(1_000);
    expect(pod(bench)).toBeUndefined();
  });

  test("one that waited is started", async () => {
    const before = aKubelet();
    before.die();
    createPod(before);
    const bench = aKubelet({ before });
    await bench.clock.advance(1);
    expect(phase(bench)).toBe("Running");
  });

  test("what a pod that is gone has left on disk goes too", async () => {
    const before = await running();
    const home = directory(before);
    const { clock } = memoryServer();
    const bench = aKubelet({ before: { ...before, ...memoryServer(clock) } });
    await bench.clock.advance(1_000);
    expect(existsSync(home)).toBe(false);
  });
});
