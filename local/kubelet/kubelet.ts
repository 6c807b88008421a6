/**
 * The kubelet of the one machine: keeps a worker for each pod that is placed here and not over. What it finds of pods
 * that an earlier life of this program ran, it ends, and calls those pods failed by a disruption.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Pod, pods } from "../../kube/objects.ts";
import { eventRecorder, type RecordEvent } from "../event-recorder.ts";
import { type Loop, startLoop } from "../loop.ts";
import type { Registry } from "../registry.ts";
import { sameKind } from "../same-kind.ts";
import { parseTimestamp } from "../timestamp.ts";
import type { ImagePolicy } from "./images.ts";
import { endProcesses } from "./leftovers.ts";
import type { PodLogs } from "./logs.ts";
import { lostStatus } from "./lost.ts";
import { podDirectories, podDirectory } from "./pod-directory.ts";
import type { PodEnd } from "./pod-status.ts";
import { PodWorker } from "./pod-worker.ts";
import type { ContainerRuntime } from "./process.ts";
import type { ConfigMapValues, TokenRequest } from "./volumes.ts";

export interface KubeletOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeName: string;
  /** Directory of the pods' directories. */
  readonly root: string;
  /** Over the same root. */
  readonly logs: PodLogs;
  readonly runtime: ContainerRuntime;
  readonly policy: ImagePolicy;
  readonly machine: { readonly cpu: number; readonly memory: number };
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /** Base URLs that pods know, and where they lead to now. */
  readonly services: Readonly<Record<string, string>>;
  readonly mintToken: (request: TokenRequest) => string;
  readonly configMap: (namespace: string, name: string) => ConfigMapValues | undefined;
}

interface Work {
  /** Absent while an earlier life's processes are being ended. */
  readonly worker?: PodWorker;
  readonly done: Promise<void>;
}

const shutdown: PodEnd = {
  reason: "Terminated",
  message: "Pod was terminated in response to imminent node shutdown.",
  disruption: {
    reason: "TerminationByKubelet",
    message: "Pod was terminated in response to imminent node shutdown.",
  },
};

/** Who follows the log of a pod that goes may read to its end. */
const lastReadMs = 5_000;

export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #record: RecordEvent;
  readonly #loop: Loop;
  readonly #works = new Map<string, Work>();
  readonly #unsubscribe: () => void;

  constructor(options: KubeletOptions) {
    const { registry, clock, log } = options;
    this.#options = options;
    this.#record = eventRecorder(registry, clock, "kubelet");
    this.#loop = startLoop({ name: "kubelet", clock, log, sync: (key) => this.#sync(key) });
    this.#unsubscribe = registry.subscribe(({ resource, object }) => {
      if (sameKind(resource, pods)) this.#loop.wake(keyOf(object));
    });
    const all = registry.list<Pod>(pods);
    for (const pod of all) this.#loop.wake(keyOf(pod));
    this.#sweep(new Set(all.map(({ metadata }) => metadata?.uid ?? "")));
  }

  /** Ends all pods within the grace period; resolves when no process is left and each end is written. */
  async close(graceMs: number): Promise<void> {
    this.#unsubscribe();
    this.#loop.close();
    for (const { worker } of this.#works.values()) worker?.stop(graceMs, shutdown);
    await Promise.all([...this.#works.values()].map(({ done }) => done));
  }

  #sync(key: string): undefined {
    const [namespace = "", name = "", uid = ""] = key.split("/");
    const { registry, clock, nodeName } = this.#options;
    const pod = registry.get<Pod>(pods, { namespace, name });
    const work = this.#works.get(uid);
    if (pod === undefined || pod.metadata?.uid !== uid) {
      // Deleted without grace: nothing of it may go on.
      if (work === undefined) clock.after(lastReadMs, () => this.#forget(uid));
      else work.worker?.stop(0);
    } else if (pod.spec?.nodeName !== nodeName) {
      return;
    } else if (work !== undefined) {
      if (pod.metadata.deletionTimestamp !== undefined) work.worker?.stop(graceLeft(pod, clock.now()));
    } else if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") {
      this.#remove(pod);
    } else {
      this.#begin(key, pod);
    }
  }

  #begin(key: string, pod: Pod): void {
    const { clock, log } = this.#options;
    const uid = pod.metadata?.uid ?? "";
    const token = this.#directory(uid).token();
    const wasStarted = token !== undefined || pod.status?.phase === "Running";
    const work: Work = wasStarted ? { done: this.#lose(pod, token) } : this.#start(pod);
    const done = work.done
      .catch((error: unknown) => log.error({ pod: key, error }, "a pod's worker failed"))
      .finally(() => {
        this.#works.delete(uid);
        this.#loop.wake(key);
      });
    this.#works.set(uid, { ...work, done });
    if (pod.metadata?.deletionTimestamp !== undefined) work.worker?.stop(graceLeft(pod, clock.now()));
  }

  #start(pod: Pod): Work {
    const { configMap, machine, mintToken } = this.#options;
    const { namespace = "", uid = "" } = pod.metadata ?? {};
    const worker = new PodWorker({
      ...this.#options,
      pod,
      record: this.#record,
      directory: this.#directory(uid),
      sources: { machine, mintToken, configMap: (name) => configMap(namespace, name) },
    });
    return { worker, done: worker.run() };
  }

  async #lose(lost: Pod, token: string | undefined): Promise<void> {
    const { registry, clock } = this.#options;
    if (token !== undefined) await endProcesses(token, clock);
    const { namespace = "", name = "", uid } = lost.metadata ?? {};
    const pod = registry.get<Pod>(pods, { namespace, name });
    if (pod === undefined || pod.metadata?.uid !== uid) return;
    registry.updateStatus<Pod>(pods, { ...pod, status: lostStatus(pod, clock.now()) });
  }

  /** A pod that is over and being deleted goes now; its finalizers may still hold it. */
  #remove({ metadata }: Pod): void {
    if (metadata?.deletionTimestamp === undefined || metadata.deletionGracePeriodSeconds === 0) return;
    const { namespace = "", name = "", uid = "" } = metadata;
    this.#options.registry.delete(pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
  }

  /** Directories of pods that were deleted while this program was away. */
  #sweep(known: ReadonlySet<string>): void {
    const { root, clock, log } = this.#options;
    for (const uid of podDirectories(root)) {
      if (known.has(uid)) continue;
      const token = this.#directory(uid).token();
      const ended = token === undefined ? Promise.resolve() : endProcesses(token, clock);
      ended
        .then(() => this.#forget(uid))
        .catch((error: unknown) => log.error({ uid, error }, "what a deleted pod left behind could not be removed"));
    }
  }

  #forget(uid: string): void {
    this.#options.logs.forget(uid);
    this.#directory(uid).remove();
  }

  #directory(uid: string) {
    return podDirectory(this.#options.root, uid);
  }
}

function keyOf({ metadata }: Pod): string {
  return `${metadata?.namespace}/${metadata?.name}/${metadata?.uid}`;
}

/** Milliseconds until the pod's grace period is over: `deletionTimestamp` is the moment at which it is. */
function graceLeft({ metadata }: Pod, now: number): number {
  return Math.max(0, (parseTimestamp(metadata?.deletionTimestamp) ?? now) - now);
}
