/**
 * The logs of this machine's pods: written while containers run, read by anyone at any time, also after a restart of
 * this program, until the pod is deleted.
 */
import { existsSync } from "node:fs";
import type { Pod } from "../../kube/objects.ts";
import { ContainerLog, type LogReadOptions } from "./container-log.ts";
import { podDirectory } from "./pod-directory.ts";

export interface PodLogs {
  /** The log of one life of a container, to be written. */
  readonly begin: (pod: Pod, life: { readonly container: string; readonly restart: number }) => ContainerLog;
  /** Reads the log of the container's present life, or of the one before; undefined when there is none. */
  readonly read: (
    pod: Pod,
    options: LogReadOptions & { container: string; previous?: boolean },
  ) => AsyncIterable<Uint8Array> | undefined;
  readonly forget: (uid: string) => void;
}

/** Bytes of log that each life of a container keeps at most. */
const boundBytes = 10 * 1024 * 1024;

export function podLogs(root: string): PodLogs {
  const open = new Map<string, Map<string, ContainerLog>>();
  const find = (uid: string, path: string): ContainerLog | undefined =>
    open.get(uid)?.get(path) ?? (existsSync(path) ? new ContainerLog(path, boundBytes) : undefined);
  return {
    begin(pod, { container, restart }) {
      const uid = pod.metadata?.uid ?? "";
      const path = podDirectory(root, uid).log(container, restart);
      const log = new ContainerLog(path, boundBytes);
      const logs = open.get(uid) ?? new Map<string, ContainerLog>();
      open.set(uid, logs.set(path, log));
      return log;
    },
    read(pod, { container, previous = false, ...options }) {
      const uid = pod.metadata?.uid ?? "";
      const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
      // While the container waits to be started again, its present life is the one that ended.
      const started = status?.state?.waiting === undefined ? (status?.restartCount ?? 0) : status.restartCount - 1;
      const restart = started - (previous ? 1 : 0);
      if (restart < 0) return undefined;
      return find(uid, podDirectory(root, uid).log(container, restart))?.read(options);
    },
    forget: (uid) => open.delete(uid),
  };
}
