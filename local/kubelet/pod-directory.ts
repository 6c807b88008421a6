/**
 * The directory that stands for a pod's file system: volumes, logs, and the token by which its processes are known
 * after this program has died.
 *
 *   <root>/<uid>/token                     who bears it in its environment is a process of this pod
 *   <root>/<uid>/volumes/<volume>/         one directory per volume
 *   <root>/<uid>/containers/<container>/   home/, tmp/, termination-log, <restart>.log
 */
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** In the environment of each process of a pod, with the pod's token. */
export const tokenVariable = "TRAINTASK_LOCAL_POD";

export interface ContainerPaths {
  readonly home: string;
  readonly tmp: string;
  readonly terminationLog: string;
}

export interface PodDirectory {
  readonly path: string;
  /** The token of the processes; undefined when none was ever started. */
  token(): string | undefined;
  /** Makes the token, durable before the first process bears it. */
  makeToken(): string;
  volume(name: string): string;
  /** Makes the container's directories. */
  container(name: string): ContainerPaths;
  log(container: string, restart: number): string;
  remove(): void;
}

/** @param uid a uid made by the API server, so that it is safe as a file name */
export function podDirectory(root: string, uid: string): PodDirectory {
  const path = join(root, uid);
  const tokenFile = join(path, "token");
  const make = (directory: string): string => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  };
  const container = (name: string): string => make(join(path, "containers", name));
  return {
    path,
    token: () => readText(tokenFile, 100),
    makeToken() {
      make(path);
      const token = randomBytes(16).toString("hex");
      writeFileSync(tokenFile, token, { mode: 0o600, flush: true });
      return token;
    },
    volume: (name) => make(join(path, "volumes", name)),
    container: (name) => ({
      home: make(join(container(name), "home")),
      tmp: make(join(container(name), "tmp")),
      terminationLog: join(container(name), "termination-log"),
    }),
    log: (name, restart) => join(container(name), `${restart}.log`),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Uids of the pods that have a directory. */
export function podDirectories(root: string): string[] {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return readdirSync(root);
}

/** The first bytes of a file; undefined when it is not there or cannot be read. */
export function readText(path: string, maxBytes: number): string | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(maxBytes);
      return readUtf8(buffer.subarray(0, readSync(file, buffer, 0, maxBytes, 0)));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Text whose last character may have been cut in the middle. */
function readUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true });
}
