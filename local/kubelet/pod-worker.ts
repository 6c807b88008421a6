/**
 * One pod on this machine: its volumes, then its containers side by side, then its end. Its status is computed whole
 * from what the containers do and written when it differs.
 */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../kube/clock.ts";
import { type Pod, pods } from "../../kube/objects.ts";
import type { RecordEvent } from "../event-recorder.ts";
import type { Registry } from "../registry.ts";
import { ContainerWorker } from "./container-worker.ts";
import { ContainerConfigError } from "./fields.ts";
import type { ImagePolicy } from "./images.ts";
import { launch } from "./launch.ts";
import type { PodLogs } from "./logs.ts";
import type { PodDirectory } from "./pod-directory.ts";
import { type PodEnd, podStatus } from "./pod-status.ts";
import type { ContainerRuntime } from "./process.ts";
import { renewTokens, type VolumeContext, type VolumeSources, writeVolumes } from "./volumes.ts";

export interface PodWorkerOptions {
  readonly pod: Pod;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly record: RecordEvent;
  readonly runtime: ContainerRuntime;
  readonly directory: PodDirectory;
  readonly logs: PodLogs;
  readonly policy: ImagePolicy;
  readonly sources: VolumeSources;
  readonly hostEnvironment: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, string>>;
}

const mountRetryMs = 2_000;
const renewalRetryMs = 10_000;

export class PodWorker {
  readonly #options: PodWorkerOptions;
  readonly #stop = new AbortController();
  readonly #containers: readonly ContainerWorker[];
  #graceMs = Infinity;
  #end: PodEnd | undefined;

  constructor(options: PodWorkerOptions) {
    this.#options = options;
    this.#containers = (options.pod.spec?.containers ?? []).map(
      (container) =>
        new ContainerWorker({
          container,
          restartPolicy: options.pod.spec?.restartPolicy ?? "Always",
          clock: options.clock,
          runtime: options.runtime,
          launch: () => launch(container, options),
          terminationLog: options.directory.container(container.name).terminationLog,
          log: (restart) => options.logs.begin(options.pod, { container: container.name, restart }),
          changed: () => this.#publish(),
        }),
    );
  }

  /** Ends the pod: SIGTERM, and SIGKILL after the grace period. `end` says why, for its status. */
  stop(graceMs: number, end?: PodEnd): void {
    this.#graceMs = Math.min(this.#graceMs, graceMs);
    this.#end ??= end;
    this.#stop.abort();
    for (const container of this.#containers) container.stop(this.#graceMs);
  }

  /** Runs the pod until no process of it is left and its last status is written. */
  async run(): Promise<void> {
    this.#publish();
    const stopRenewal = await this.#mount();
    const cancelDeadline = this.#startDeadline();
    await Promise.all(this.#containers.map((container) => container.run()));
    cancelDeadline();
    stopRenewal();
    // Shut down before it was started: the next life of this program starts it.
    if (this.#end?.disruption !== undefined && !this.#containers.some(wasStarted)) return;
    this.#publish();
  }

  /** Writes the volumes, as soon as what they need is there. Answers how to end the renewal of tokens. */
  async #mount(): Promise<() => void> {
    const { pod, clock, record, directory, sources } = this.#options;
    const context: VolumeContext = { ...sources, pod, directory: (volume) => directory.volume(volume) };
    while (!this.#stop.signal.aborted) {
      try {
        return this.#renewLater(context, writeVolumes(context));
      } catch (error) {
        if (!(error instanceof ContainerConfigError)) throw error;
        record(pod, { type: "Warning", reason: "FailedMount", message: error.message });
        await clock.sleep(mountRetryMs, this.#stop.signal);
      }
    }
    return () => undefined;
  }

  #renewLater(context: VolumeContext, delayMs: number | undefined): () => void {
    if (delayMs === undefined) return () => undefined;
    let cancel = this.#options.clock.after(delayMs, renew);
    const { clock } = this.#options;
    function renew(): void {
      cancel = clock.after(tryRenewal(context), renew);
    }
    return () => cancel();
  }

  /** The pod's own `activeDeadlineSeconds`. */
  #startDeadline(): () => void {
    const { pod, clock } = this.#options;
    const seconds = pod.spec?.activeDeadlineSeconds;
    if (seconds === undefined) return () => undefined;
    return clock.after(seconds * 1000, () => {
      const message = "Pod was active on the node longer than the specified deadline";
      this.stop((pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000, { reason: "DeadlineExceeded", message });
    });
  }

  #publish(): void {
    const { registry, clock } = this.#options;
    const { namespace = "", name = "", uid } = this.#options.pod.metadata ?? {};
    const pod = registry.get<Pod>(pods, { namespace, name });
    if (pod === undefined || pod.metadata?.uid !== uid) return;
    const status = podStatus(pod, {
      containers: this.#containers.map(({ facts }) => facts),
      isOver: this.#containers.every(({ isOver }) => isOver),
      ...(this.#end === undefined ? {} : { end: this.#end }),
      now: clock.now(),
    });
    if (!isDeepStrictEqual(status, pod.status)) registry.updateStatus<Pod>(pods, { ...pod, status });
  }
}

function wasStarted({ facts: { state, last } }: ContainerWorker): boolean {
  return state.is !== "waiting" || last !== undefined;
}

/** @returns milliseconds until the next renewal; a failed one is tried again while the old token still holds */
function tryRenewal(context: VolumeContext): number {
  try {
    return renewTokens(context) ?? renewalRetryMs;
  } catch {
    return renewalRetryMs;
  }
}
