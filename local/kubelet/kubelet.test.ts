import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Pod, pods } from "../../kube/objects.ts";
import {
  aKubelet,
  createPod,
  directory,
  phase,
  pod,
  podKey as key,
  running,
  state,
} from "../../test/builders/kubelet.ts";

describe("a pod", () => {
  test("of another node, or of none yet, is left alone", async () => {
    const bench = aKubelet();
    bench.registry.create<Pod>(pods, {
      metadata: key,
      spec: { containers: [{ name: "main", image: "x", command: ["work"] }] },
    });
    await bench.clock.advance(1_000);
    expect(bench.runtime.containers).toEqual([]);
  });

  test("runs once, is ready, and ends with its container", async () => {
    const bench = await running();
    expect(state(bench)).toHaveProperty("running");
    await bench.clock.advance(60_000);
    bench.runtime.containers[0]?.exit(0);
    await bench.clock.advance(60_000);
    expect(phase(bench)).toBe("Succeeded");
    expect(bench.runtime.containers).toHaveLength(1);
  });

  test("gets the environment of its spec, moved to the host, and of this program only what it is given", async () => {
    const bench = await running(
      {
        image: "trainer",
        command: [],
        args: ["/data/in", "$(URL)"],
        env: [
          { name: "DATA", value: "/data/file" },
          { name: "WORD", value: "/dev/termination-log" },
          { name: "URL", value: "http://api.default.svc/v1" },
        ],
        volumeMounts: [{ name: "v", mountPath: "/data" }],
      },
      { volumes: [{ name: "v", emptyDir: {} }] },
    );
    const home = directory(bench);
    const { argv, env, parentPipe } = bench.runtime.containers[0]?.start ?? {};
    // The entry point is this machine's already, also where it lies under a path that is a mount in the pod.
    expect(argv).toEqual(["/bin/trainer", "/tmp/main.ts", `${home}/volumes/v/in`, "http://127.0.0.1:1234/v1"]);
    expect(env).toEqual({
      PATH: "/bin",
      HOME: `${home}/containers/main/home`,
      TMPDIR: `${home}/containers/main/tmp`,
      HOSTNAME: "solo",
      DATA: `${home}/volumes/v/file`,
      WORD: `${home}/containers/main/termination-log`,
      URL: "http://127.0.0.1:1234/v1",
      TRAINTASK_PARENT_PIPE: "stdin",
      TRAINTASK_LOCAL_POD: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    expect(parentPipe).toBe(true);
  });

  test("that asks for what is not supported waits and says so, and does not run", async () => {
    const bench = aKubelet();
    createPod(bench, { readinessProbe: { httpGet: { port: 1 } } });
    await bench.clock.advance(1_000);
    expect(state(bench)?.waiting).toMatchObject({ reason: "CreateContainerConfigError" });
    expect(state(bench)?.waiting?.message).toContain("readinessProbe");
    expect(bench.runtime.containers).toEqual([]);
  });

  test("that needs more memory than its limit is killed for it", async () => {
    const bench = await running({ resources: { limits: { memory: "1Ki" } } });
    const [container] = bench.runtime.containers;
    if (container !== undefined) container.memoryBytes = 1024;
    await bench.clock.advance(5_000);
    expect(phase(bench)).toBe("Running");
    if (container !== undefined) container.memoryBytes = 1025;
    await bench.clock.advance(1_000);
    expect(state(bench)?.terminated).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });

  test("has its token renewed while it runs", async () => {
    const source = { serviceAccountToken: { audience: "a", expirationSeconds: 600, path: "token" } };
    const bench = await running({}, { volumes: [{ name: "id", projected: { sources: [source] } }] });
    const token = (): string => readFileSync(join(directory(bench), "volumes/id/token"), "utf8");
    expect(token()).toBe("token at 0");
    await bench.clock.advance(479_000);
    expect(token()).toBe("token at 0");
    await bench.clock.advance(2_000);
    expect(token()).toBe("token at 480000");
  });

  test("is started again with OnFailure: first at once, then later each time", async () => {
    const bench = await running({}, { restartPolicy: "OnFailure" });
    const starts: number[] = [];
    for (let life = 0; life < 3; life++) {
      bench.runtime.containers.at(-1)?.exit(1);
      const before = bench.clock.monotonic();
      await bench.clock.advanceUntil(() => bench.runtime.containers.length === life + 2);
      starts.push(bench.clock.monotonic() - before);
    }
    expect(starts).toEqual([0, 10_000, 20_000]);
    expect(pod(bench)?.status?.containerStatuses?.[0]).toMatchObject({ restartCount: 3, ready: true });
  });
});

describe("a pod that is deleted", () => {
  test("is asked to end, ends, and is gone", async () => {
    const bench = await running();
    bench.registry.delete(pods, key);
    await bench.clock.advance(1);
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGTERM"]);
    expect(pod(bench)).toBeUndefined();
  });

  test("is killed when its grace period is over, and not before", async () => {
    const bench = await running({}, { terminationGracePeriodSeconds: 20 }, false);
    bench.registry.delete(pods, key);
    await bench.clock.advance(19_000);
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGTERM"]);
    expect(phase(bench)).toBe("Running");
    await bench.clock.advance(2_000);
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGTERM", "SIGKILL"]);
    expect(pod(bench)).toBeUndefined();
  });

  test("may have its grace period shortened", async () => {
    const bench = await running({}, { terminationGracePeriodSeconds: 600 }, false);
    bench.registry.delete(pods, key);
    await bench.clock.advance(1_000);
    bench.registry.delete(pods, key, { gracePeriodSeconds: 2 });
    await bench.clock.advance(3_000);
    expect(pod(bench)).toBeUndefined();
  });

  test("with no grace is killed though it is gone already", async () => {
    const bench = await running({}, {}, false);
    bench.registry.delete(pods, key, { gracePeriodSeconds: 0 });
    expect(pod(bench)).toBeUndefined();
    await bench.clock.advance(1);
    expect(bench.runtime.containers[0]?.signals).toEqual(["SIGKILL"]);
  });

  test("leaves nothing on disk", async () => {
    const bench = await running();
    const home = directory(bench);
    expect(existsSync(home)).toBe(true);
    bench.registry.delete(pods, key);
    await bench.clock.advance(10_000);
    expect(existsSync(home)).toBe(false);
  });

  test("and waits to be started again is not started again", async () => {
    const bench = await running({}, { restartPolicy: "OnFailure" });
    bench.runtime.containers[0]?.exit(1);
    await bench.clock.advance(1);
    bench.runtime.containers[1]?.exit(1);
    await bench.clock.advance(1);
    bench.registry.delete(pods, key);
    await bench.clock.advance(60_000);
    expect(bench.runtime.containers).toHaveLength(2);
    expect(pod(bench)).toBeUndefined();
  });
});
