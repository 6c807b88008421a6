/** A container runtime without processes: tests hold each container in their hands. */
import type { ContainerRuntime, ContainerStart, RunningContainer } from "../../local/kubelet/process.ts";

export interface HeldContainer {
  readonly start: ContainerStart;
  readonly signals: string[];
  /** Writes to its log. */
  say(text: string): void;
  exit(code: number): void;
  memoryBytes: number;
}

export interface HeldRuntime extends ContainerRuntime {
  /** All that were started, in order. */
  readonly containers: HeldContainer[];
}

/** @param obedient whether SIGTERM ends a container, with code 143; SIGKILL always does, with 137 */
export function heldRuntime({ obedient = true }: { obedient?: boolean } = {}): HeldRuntime {
  const containers: HeldContainer[] = [];
  return {
    containers,
    start(start) {
      const { promise: exited, resolve: exit } = Promise.withResolvers<number>();
      const held: HeldContainer = {
        start,
        signals: [],
        say: (text) => start.output(Buffer.from(text)),
        exit,
        memoryBytes: 0,
      };
      containers.push(held);
      const running: RunningContainer = {
        id: `held://${containers.length}`,
        exited,
        signal(name) {
          held.signals.push(name);
          if (name === "SIGKILL") exit(137);
          else if (obedient) exit(143);
        },
        memory: () => held.memoryBytes,
      };
      return Promise.resolve(running);
    },
  };
}
