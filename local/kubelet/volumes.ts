/**
 * Volumes as directories on the host. Files are replaced by renaming, so a program never reads half a token.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Container, Pod, PodSpec } from "../../kube/objects.ts";
import { noSecrets } from "./environment.ts";
import { ContainerConfigError, readField, readResource } from "./fields.ts";
import type { Mount } from "./mounts.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];
type Source = NonNullable<NonNullable<Volume["projected"]>["sources"]>[number];
type DownwardItem = NonNullable<NonNullable<Volume["downwardAPI"]>["items"]>[number];
type Selected = { name?: string; optional?: boolean; items?: { key: string; path: string }[] };

export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod: { readonly name: string; readonly uid: string };
}

/** A ConfigMap's values by key: texts of its data, bytes of its binaryData. */
export type ConfigMapValues = Readonly<Record<string, string | Uint8Array>>;
type FileContent = ConfigMapValues[string];

export interface VolumeSources {
  readonly machine: { readonly cpu: number; readonly memory: number };
  readonly configMap: (name: string) => ConfigMapValues | undefined;
  readonly mintToken: (request: TokenRequest) => string;
}

export interface VolumeContext extends VolumeSources {
  readonly pod: Pod;
  readonly directory: (volume: string) => string;
}

/** Kubernetes' default life of a projected token, in seconds. */
const defaultTokenSeconds = 3600;

/**
 * Writes every volume of the pod.
 * @returns milliseconds until its tokens have to be written anew (at 80% of the shortest life); undefined without tokens
 * @throws ContainerConfigError when a volume cannot be made
 */
export function writeVolumes(context: VolumeContext): number | undefined {
  for (const volume of context.pod.spec?.volumes ?? []) {
    for (const [path, content] of filesOf(volume, context)) writeInside(context.directory(volume.name), path, content);
  }
  return renewTokens(context);
}

/** Writes the tokens anew. Answers like writeVolumes. */
export function renewTokens(context: VolumeContext): number | undefined {
  let shortest = Infinity;
  for (const volume of context.pod.spec?.volumes ?? []) {
    for (const { serviceAccountToken: token } of volume.projected?.sources ?? []) {
      if (token === undefined) continue;
      const expirationSeconds = token.expirationSeconds ?? defaultTokenSeconds;
      const { namespace = "", name = "", uid = "" } = context.pod.metadata ?? {};
      const content = mint(context, {
        namespace,
        serviceAccountName: context.pod.spec?.serviceAccountName ?? "default",
        audiences: token.audience === undefined ? [] : [token.audience],
        expirationSeconds,
        pod: { name, uid },
      });
      writeInside(context.directory(volume.name), token.path, content);
      shortest = Math.min(shortest, expirationSeconds);
    }
  }
  return shortest === Infinity ? undefined : shortest * 800;
}

function mint({ mintToken }: VolumeContext, request: TokenRequest): string {
  try {
    return mintToken(request);
  } catch (cause) {
    const account = `${request.namespace}/${request.serviceAccountName}`;
    throw new ContainerConfigError(`no token could be had for the service account ${account}`, { cause });
  }
}

/** Where each of a container's mounts is on the host. */
export function mountsOf(container: Container, directory: VolumeContext["directory"]): Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => ({
    mountPath,
    hostPath: subPath === undefined ? directory(name) : insidePath(directory(name), subPath),
  }));
}

/** Paths and contents of a volume's files, tokens left out. */
function filesOf(volume: Volume, context: VolumeContext): [path: string, content: FileContent][] {
  if (volume.emptyDir !== undefined) {
    context.directory(volume.name);
    return [];
  }
  if (volume.configMap !== undefined) return selected(volume.configMap, context);
  if (volume.downwardAPI !== undefined) return downward(volume.downwardAPI.items ?? [], context);
  if (volume.secret !== undefined) {
    if (volume.secret.optional === true) return [];
    throw new ContainerConfigError(`secret "${volume.secret.secretName ?? ""}" not found: ${noSecrets}`);
  }
  if (volume.projected === undefined) {
    throw new ContainerConfigError(
      `volume "${volume.name}" is of a kind that this local cluster does not have: use emptyDir, configMap, downwardAPI or projected`,
    );
  }
  return (volume.projected.sources ?? []).flatMap((source) => projected(source, context));
}

function projected(source: Source, context: VolumeContext): [string, FileContent][] {
  if (source.serviceAccountToken !== undefined) return [];
  if (source.downwardAPI !== undefined) return downward(source.downwardAPI.items ?? [], context);
  if (source.configMap !== undefined) return selected(source.configMap, context);
  throw new ContainerConfigError(
    `a projected volume has a source that this local cluster does not have: use serviceAccountToken, downwardAPI or configMap`,
  );
}

function selected({ name = "", optional, items }: Selected, context: VolumeContext): [string, FileContent][] {
  const data = context.configMap(name);
  if (data === undefined && optional === true) return [];
  if (data === undefined) throw new ContainerConfigError(`the config map "${name}" is not there`);
  if (items === undefined) return Object.entries(data);
  return items.flatMap(({ key, path }): [string, FileContent][] => {
    const value = Object.hasOwn(data, key) ? data[key] : undefined;
    if (value === undefined && optional === true) return [];
    if (value === undefined) throw new ContainerConfigError(`the config map "${name}" has no key "${key}"`);
    return [[path, value]];
  });
}

function downward(items: readonly DownwardItem[], context: VolumeContext): [string, string][] {
  return items.map(({ path, fieldRef, resourceFieldRef }) => {
    if (fieldRef !== undefined) return [path, readField(context.pod, fieldRef.fieldPath)];
    const container = context.pod.spec?.containers.find(({ name }) => name === resourceFieldRef?.containerName);
    if (resourceFieldRef === undefined || container === undefined) {
      throw new ContainerConfigError(`the downward API file "${path}" names no field, or no container of the pod`);
    }
    return [path, readResource(container, resourceFieldRef, context.machine)];
  });
}

function writeInside(directory: string, path: string, content: FileContent): void {
  const file = insidePath(directory, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.next`;
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, file);
}

function insidePath(directory: string, path: string): string {
  const normal = normalize(path);
  if (normal.startsWith("/") || normal.split("/").includes("..")) {
    throw new ContainerConfigError(`the path "${path}" leads out of its volume`);
  }
  return join(directory, normal);
}
