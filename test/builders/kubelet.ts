/** A kubelet on the bench: virtual time, containers without processes, and one pod. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { type Container, type Pod, pods, type PodSpec } from "../../kube/objects.ts";
import { memoryServer, type MemoryServer } from "./registry.ts";
import { type HeldRuntime, heldRuntime } from "./runtime.ts";
import { Kubelet } from "../../local/kubelet/kubelet.ts";
import { podLogs } from "../../local/kubelet/logs.ts";

const base = mkdtempSync(join(tmpdir(), "traintask-kubelet-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;
export const podKey = { namespace: "default", name: "solo" };

export interface Bench extends MemoryServer {
  readonly runtime: HeldRuntime;
  readonly root: string;
  readonly kubelet: Kubelet;
  /** Lets it hear nothing any more, as if its program had been killed. */
  die(): void;
}

/** A kubelet over a fresh API server, or the next life of one over what another has left. */
export function aKubelet({ before, obedient = true }: { before?: Bench; obedient?: boolean } = {}): Bench {
  const server = before ?? memoryServer();
  const root = before?.root ?? join(base, `${count++}`);
  const runtime = heldRuntime({ obedient });
  let alive = true;
  before?.die();
  const kubelet = new Kubelet({
    ...server,
    registry: {
      ...server.registry,
      subscribe: (listener) => server.registry.subscribe((event) => (alive ? listener(event) : undefined)),
    },
    log: silentLog,
    nodeName: "local",
    root,
    runtime,
    logs: podLogs(root),
    services: { "http://api.default.svc": "http://127.0.0.1:1234" },
    policy: { images: { trainer: { command: ["/bin/trainer", "/tmp/main.ts"] } }, allowHostCommands: true },
    machine: { cpu: 2, memory: 1000 },
    hostEnvironment: { PATH: "/bin" },
    mintToken: () => `token at ${server.clock.monotonic()}`,
    configMap: () => undefined,
  });
  const die = (): void => {
    alive = false;
  };
  return { ...server, root, runtime, kubelet, die };
}

export function createPod({ registry }: Bench, container: Partial<Container> = {}, spec: Partial<PodSpec> = {}): Pod {
  return registry.create<Pod>(pods, {
    metadata: podKey,
    spec: {
      nodeName: "local",
      restartPolicy: "Never",
      containers: [{ name: "main", image: "x", command: ["work"], ...container }],
      ...spec,
    },
  });
}

export const pod = ({ registry }: Bench): Pod | undefined => registry.get<Pod>(pods, podKey);
export const phase = (bench: Bench): string | undefined => pod(bench)?.status?.phase;
export const state = (bench: Bench) => pod(bench)?.status?.containerStatuses?.[0]?.state;
export const disrupted = (bench: Bench): boolean =>
  pod(bench)?.status?.conditions?.some(({ type, status }) => type === "DisruptionTarget" && status === "True") === true;
export const directory = (bench: Bench): string => join(bench.root, pod(bench)?.metadata?.uid ?? "none");

/** A bench whose pod runs. */
export async function running(
  container: Partial<Container> = {},
  spec: Partial<PodSpec> = {},
  obedient = true,
): Promise<Bench> {
  const bench = aKubelet({ obedient });
  createPod(bench, container, spec);
  await bench.clock.advance(1);
  expect(phase(bench)).toBe("Running");
  return bench;
}
