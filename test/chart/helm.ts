/** The chart as Helm renders it. Helm is a program of its own: where it is not on the PATH, tests of the chart skip. */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Container, ObjectMeta, PodSpec } from "../../kube/objects.ts";

export const chart = join(import.meta.dirname, "..", "..", "deploy", "helm", "traintask");

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What the tests look at, of whatever kind. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta & { readonly name: string };
  readonly rules?: readonly Rule[];
  readonly spec?: {
    readonly replicas?: number;
    readonly strategy?: { readonly type: string };
    readonly template?: { readonly spec: PodSpec };
    readonly [field: string]: unknown;
  };
}

const isThere = (line: readonly [string, ...string[]]): boolean =>
  spawnSync(line[0], line.slice(1), { stdio: "ignore" }).status === 0;

export const helmIsThere = isThere(["helm", "version"]);
export const kubectlIsThere = isThere(["kubectl", "version", "--client"]);
export const unlessThere = helmIsThere ? "" : " (skipped: helm is not on the PATH)";

/** Values that let the chart be rendered without a cluster. */
export const withoutCluster = { tls: { existingSecret: "api-certificate" } };

export class HelmError extends Error {
  override readonly name = "HelmError";
}

/** @throws HelmError with what it wrote to standard error */
export function helm(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("helm", args, { encoding: "utf8", input });
  if (status !== 0) throw new HelmError(stderr);
  return stdout;
}

/** @throws HelmError */
export function render(values: object = {}): Rendered[] {
  const text = helm(["template", "tt", chart, "--namespace", "training", "--values", "-"], JSON.stringify(values));
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Rendered | null) ?? []);
}

/** Like `render`, with a secret for the certificate. */
export function renderWith(values: object = {}): Rendered[] {
  return render({ ...withoutCluster, ...values });
}

/** `verb resource.group` for everything that these rules grant. */
export function grantsOf(granted: readonly Rule[] = []): string[] {
  return granted.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((of) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${of}`))),
  );
}

export function the(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name} was rendered`);
  return found;
}

export function containerOf(deployment: Rendered): Container {
  const [container] = deployment.spec?.template?.spec.containers ?? [];
  if (container === undefined) throw new Error(`${deployment.metadata.name} has no container`);
  return container;
}

export function lint(): string {
  return execFileSync("helm", ["lint", "--strict", chart], { encoding: "utf8" });
}
