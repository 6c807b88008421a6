/** The cgroups of the node's pods stand below one of the cluster's own, so that two kubelets never tidy each other's. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterName } from "./layout.ts";

const root = "/sys/fs/cgroup";

/** For the kubelet's setting of this name. */
export const cgroupRoot = `/${clusterName}`;

/** One tree, or one in each controller's with cgroup v1. */
function trees(): string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(root, name));
}

export function makeCgroups(): void {
  for (const tree of trees()) {
    const group = join(tree, clusterName);
    mkdirSync(group, { recursive: true });
    // A cpuset that names no processor takes no process.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (tree !== root && existsSync(join(group, file)))
        writeFileSync(join(group, file), readFileSync(join(tree, file)));
    }
    const controllers = join(group, "cgroup.controllers");
    if (!existsSync(controllers)) continue;
    const enabled = readFileSync(controllers, "utf8").trim().split(" ").filter(Boolean);
    writeFileSync(join(group, "cgroup.subtree_control"), enabled.map((name) => `+${name}`).join(" "));
  }
}

export function removeCgroups(): void {
  for (const tree of trees()) {
    const group = join(tree, clusterName);
    if (existsSync(group)) removeGroup(group);
  }
}

/** A group goes when those within it have gone; one that has processes is somebody else's. */
function removeGroup(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  try {
    rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
  }
}
