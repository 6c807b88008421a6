/** What runs the containers of the node: containerd with runc, and the CNI plugins that give pods their addresses. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command, succeeds } from "./command.ts";
import { sandboxImage } from "./images.ts";
import { addresses, layout } from "./layout.ts";
import { runs, start, stop, untilReady } from "./process.ts";
import { tool, toolFolder } from "./tools.ts";

const configFile = join(layout.containerd, "config.toml");

export async function startContainerd(images: readonly string[], signal: AbortSignal): Promise<void> {
  for (const folder of [layout.containerd, layout.network]) mkdirSync(folder, { recursive: true });
  writeFileSync(configFile, config());
  writeFileSync(join(layout.network, "10-traintask.conflist"), JSON.stringify(podNetwork));
  await run(signal);
  for (const image of images) await importImage(image);
}

export async function importImage(archive: string): Promise<void> {
  await command(ctr("images", "import", archive), { timeoutMs: 300_000 });
}

export async function hasImage(name: string): Promise<boolean> {
  return (await command(ctr("images", "list", "--quiet", `name==${name}`))).trim() === name;
}

async function run(signal: AbortSignal): Promise<void> {
  // The shim is looked for on the PATH.
  const path = `${toolFolder("containerd")}:${process.env["PATH"]}`;
  start("containerd", [tool("containerd", "containerd"), "--config", configFile], { PATH: path });
  await untilReady("containerd", () => succeeds(ctr("version")), { signal });
}

const ctr = (...args: string[]): [string, ...string[]] => {
  const line: [string, ...string[]] = [tool("containerd", "ctr"), "--address", layout.containerdSocket];
  return [...line, "--namespace", "k8s.io", ...args];
};

/** `restrict_oom_score_adj`: virtual machines may lack the right to lower it. */
const config = (): string => `version = 3
root = "${layout.containerd}/root"
state = "${layout.containerd}/state"
[grpc]
  address = "${layout.containerdSocket}"
[ttrpc]
  address = "${layout.containerdSocket}.ttrpc"
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = "${sandboxImage}"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd]
    default_runtime_name = "runc"
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
        BinaryName = "${tool("runc", "runc")}"
        SystemdCgroup = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["${toolFolder("cni")}"]
    conf_dir = "${layout.network}"
`;

const podNetwork = {
  cniVersion: "1.0.0",
  name: "traintask",
  plugins: [
    {
      type: "bridge",
      bridge: "pods0",
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: {
        type: "host-local",
        dataDir: join(layout.network, "addresses"),
        ranges: [[{ subnet: addresses.podsOfNode }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

/** Ends all containers, then containerd, then its mounts. Containers outlive a containerd that died: a new one ends them. */
export async function stopContainerd(): Promise<void> {
  if (!existsSync(configFile)) return;
  if (!runs("containerd")) await run(new AbortController().signal);
  for (const task of await ids("tasks")) await succeeds(ctr("tasks", "rm", "--force", task));
  for (const container of await ids("containers")) await succeeds(ctr("containers", "rm", container));
  await stop("containerd");
  await unmountAll();
  rmSync(layout.containerd, { recursive: true, force: true });
}

async function ids(what: "tasks" | "containers"): Promise<string[]> {
  try {
    return (await command(ctr(what, "list", "--quiet"), { timeoutMs: 15_000 })).split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** Deepest first. */
async function unmountAll(): Promise<void> {
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((point) => point.startsWith(`${dirname(layout.containerd)}/`))
    .toSorted((a, b) => b.length - a.length);
  for (const point of points) {
    if (!(await succeeds(["umount", point]))) await succeeds(["umount", "--lazy", point]);
  }
}
