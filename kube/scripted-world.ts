/** Test support: a scripted server, a client on real sockets to it, and a clock that runs only while a test waits. */
import { httpsTransport } from "./https-transport.ts";
import type { KubeClient } from "./client.ts";
import type { Log } from "./log.ts";
import type { KubeObject, Resource } from "./objects.ts";
import { startReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
import { restClient } from "./rest-client.ts";
import { ScriptedServer } from "./scripted-server.ts";
import type { Transport } from "./transport.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

export const things: Resource = { group: "", version: "v1", plural: "things", kind: "Thing", namespaced: true };

export interface World {
  readonly clock: VirtualClock;
  readonly server: ScriptedServer;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly log: RecordingLog;
  /** Lets real sockets work and time pass until the condition holds; fails after `withinMs`, by default 20 minutes. */
  readonly until: (condition: () => boolean, withinMs?: number) => Promise<void>;
  /** A reflector of the server's things, which keeps whole objects. */
  readonly reflect: (options?: Partial<ReflectorOptions<KubeObject, KubeObject>>) => Reflector<KubeObject>;
  close(): Promise<void>;
}

export interface RecordingLog extends Log {
  readonly errors: string[];
}

/** Virtual milliseconds a turn of the event loop: slow enough for loopback to keep up with the timers. */
const stepMs = 20;

export async function scriptedWorld(transportOptions: { maxSockets?: number } = {}): Promise<World> {
  const clock = virtualClock();
  const server = await ScriptedServer.start(clock);
  const transport = httpsTransport({ baseUrl: server.url, clock, ...transportOptions });
  const client = restClient(transport);
  const log = recordingLog();
  const stop = new AbortController();
  const stopped: Promise<void>[] = [];
  return {
    clock,
    server,
    transport,
    client,
    log,
    async until(condition, withinMs = 1_200_000) {
      const end = clock.monotonic() + withinMs;
      while (!condition()) {
        if (clock.monotonic() >= end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
        await clock.advance(stepMs);
      }
    },
    reflect(options) {
      const reflector = startReflector<KubeObject, KubeObject>({
        client,
        resource: things,
        clock,
        log,
        signal: stop.signal,
        project: (object) => object,
        ...options,
      });
      stopped.push(reflector.stopped);
      return reflector;
    },
    async close() {
      stop.abort();
      await Promise.all(stopped);
      await transport.close();
      await server.close();
    },
  };
}

export function recordingLog(): RecordingLog {
  const errors: string[] = [];
  return { errors, info: () => undefined, error: (_fields, message) => errors.push(message) };
}

/** What cache and server have in common: names, uids and versions, in order. */
export function inventory(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => `${metadata?.name} ${metadata?.uid} ${metadata?.resourceVersion}`).toSorted();
}
