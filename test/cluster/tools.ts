/**
 * The binaries of a Kubernetes cluster, built from Go modules whose versions stand in tools/<set>/go.mod and go.sum. One
 * set for each project, since their modules' versions clash. A build is kept in the cache under the hash of these files
 * and of the flags, so the second start builds nothing, and another version is another folder.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command, succeeds } from "./command.ts";
import { toolCache, toolSources } from "./layout.ts";

const gitVersion = "v1.37.2";
const kubernetes = "k8s.io/component-base/version";
const plugins = "github.com/containernetworking/plugins/plugins";

interface ToolSet {
  /** Package of each binary. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Variables that the linker sets: without them Kubernetes calls itself v0.0.0, and features misbehave. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly tags?: string;
  /** Needs a C compiler. */
  readonly cgo?: true;
}

const commands = (prefix: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `${prefix}/${name}`]));

const sets = {
  kubernetes: {
    binaries: commands("k8s.io/kubernetes/cmd", [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kubectl",
      "kubelet",
      "kube-proxy",
    ]),
    variables: {
      [`${kubernetes}.gitVersion`]: gitVersion,
      [`${kubernetes}.gitMajor`]: "1",
      [`${kubernetes}.gitMinor`]: "37",
      "k8s.io/client-go/pkg/version.gitVersion": gitVersion,
    },
  },
  etcd: { binaries: { etcd: "go.etcd.io/etcd/server/v3" } },
  kwok: { binaries: { kwok: "sigs.k8s.io/kwok/cmd/kwok" } },
  containerd: {
    binaries: commands("github.com/containerd/containerd/v2/cmd", ["containerd", "containerd-shim-runc-v2", "ctr"]),
    variables: { "github.com/containerd/containerd/v2/version.Version": "2.3.7" },
    tags: "no_btrfs,no_devmapper,no_zfs,no_tracing",
  },
  cni: {
    binaries: {
      ...commands(`${plugins}/main`, ["bridge", "loopback"]),
      "host-local": `${plugins}/ipam/host-local`,
      portmap: `${plugins}/meta/portmap`,
    },
  },
  runc: {
    binaries: { runc: "github.com/opencontainers/runc" },
    variables: { "main.version": "1.3.6" },
    tags: "seccomp",
    cgo: true,
  },
  helm: { binaries: commands("helm.sh/helm/v4/cmd", ["helm"]) },
  s3: { binaries: commands("github.com/versity/versitygw/cmd", ["versitygw"]) },
  dns: { binaries: { coredns: "." } },
} satisfies Record<string, ToolSet>;

export type ToolSetName = keyof typeof sets;

/** The folder with a set's binaries, whether or not they have been built. */
export function toolFolder(name: ToolSetName): string {
  const hash = createHash("sha256").update(JSON.stringify(sets[name]));
  const sources = join(toolSources, name);
  for (const file of readdirSync(sources).toSorted()) hash.update(readFileSync(join(sources, file)));
  return join(toolCache, `${name}-${hash.digest("hex").slice(0, 16)}`);
}

export const tool = (set: ToolSetName, binary: string): string => join(toolFolder(set), binary);

/** A PATH on which people and tests find what a cluster is used with. */
export const pathWithClients = (): string =>
  [toolFolder("kubernetes"), toolFolder("helm"), process.env["PATH"]].join(":");

export const isBuilt = (name: ToolSetName): boolean => existsSync(toolFolder(name));

/** Whether building the set takes a C compiler. */
export const needsCompiler = (name: ToolSetName): boolean => (sets[name] as ToolSet).cgo === true;

export interface BuildOptions {
  /** Is told of each binary that is there. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Builds the sets that are missing. @throws Error when Go is missing */
export async function buildTools(names: readonly ToolSetName[], options: BuildOptions): Promise<void> {
  const missing = names.filter((name) => !isBuilt(name));
  if (missing.length === 0) return;
  if (!(await succeeds(["go", "version"]))) {
    throw new Error("building Kubernetes takes Go 1.26 or newer on the PATH: https://go.dev/dl/");
  }
  for (const name of missing) await buildSet(name, options);
}

/** A folder appears under its name only when all of it is there. */
async function buildSet(name: ToolSetName, { progress, signal }: BuildOptions): Promise<void> {
  const target = toolFolder(name);
  const partial = `${target}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const [binary, source] of Object.entries(sets[name].binaries)) {
    const begun = performance.now();
    await buildBinary(name, { source, output: join(partial, binary), signal });
    progress(`built ${binary} (${Math.round((performance.now() - begun) / 1000)} s)`);
  }
  try {
    renameSync(partial, target);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(target)) throw error;
    rmSync(partial, { recursive: true });
  }
}

async function buildBinary(
  name: ToolSetName,
  { source, output, signal }: { source: string; output: string; signal: AbortSignal },
): Promise<void> {
  const { variables = {}, tags = "", cgo }: ToolSet = sets[name];
  const linked = [
    "-s",
    "-w",
    ...Object.entries(variables).flatMap(([variable, value]) => ["-X", `${variable}=${value}`]),
  ];
  await command(["go", "build", "-trimpath", "-tags", tags, "-ldflags", linked.join(" "), "-o", output, source], {
    cwd: join(toolSources, name),
    // A build on two busy cores and an empty cache takes most of ten minutes.
    timeoutMs: 3_600_000,
    signal,
    env: { CGO_ENABLED: cgo ? "1" : "0", GOFLAGS: "-mod=readonly -buildvcs=false" },
  });
}
