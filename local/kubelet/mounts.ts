/**
 * The local kubelet has no mounts. A path at the beginning of an environment value, an argument or a working directory
 * that lies under a mount path is replaced by the directory on the host that stands for the mount.
 */

export interface Mount {
  /** Absolute path, or base URL of a Service, as the pod knows it. */
  readonly mountPath: string;
  readonly hostPath: string;
}

/** The longest mount path wins, as with real mounts; "/tmp" matches "/tmp" and "/tmp/x", never "/tmpfs". */
export function toHostPath(text: string, mounts: readonly Mount[]): string {
  const found = mounts
    .map(({ mountPath, hostPath }) => ({ mountPath: mountPath.replace(/\/+$/, ""), hostPath }))
    .filter(({ mountPath }) => text === mountPath || text.startsWith(`${mountPath}/`))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  return found === undefined ? text : found.hostPath + text.slice(found.mountPath.length);
}
