/**
 * How many cores this process may use. Node's own count takes a container's limit for less than it is: it rounds down, and
 * multiplies it by the container's weight. So the limit is read here, where Linux keeps it (cgroup version 2, or 1).
 */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";

/** The text of a file, undefined where there is none. */
export type ReadText = (file: string) => string | undefined;

/** At least 1. A limit of a part of a core counts as a whole one. */
export function availableCores(read: ReadText = readIfThere): number {
  const limit = cpuLimit(read);
  if (limit === undefined) return availableParallelism();
  return Math.max(1, Math.min(Math.ceil(limit), cpus().length));
}

/** The limit of the process's group and of those above it, in cores; undefined without one. */
export function cpuLimit(read: ReadText): number | undefined {
  const limits = groupFolders(read("/proc/self/cgroup") ?? "").flatMap((folder) => {
    const limit = limitOf(folder, read);
    return limit === undefined ? [] : [limit];
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/**
 * The folders of the process's group and of all above it. Lines of /proc/self/cgroup are `0::/path` (version 2) and
 * `4:cpu,cpuacct:/path` (version 1); in a container the path may be one of the host's, of which only the root is seen.
 */
function groupFolders(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [id, controllers, group] = line.split(":");
    if (controllers === undefined || group === undefined) return [];
    if (id !== "0" && !controllers.split(",").includes("cpu")) return [];
    const roots = id === "0" ? ["/sys/fs/cgroup"] : [`/sys/fs/cgroup/${controllers}`, "/sys/fs/cgroup/cpu"];
    return roots.flatMap((root) => withAncestors(group).map((folder) => path.join(root, folder)));
  });
}

/** `/a/b` becomes `/a/b`, `/a` and `/`. */
function withAncestors(group: string): string[] {
  return group === "/" || group === "." ? ["/"] : [group, ...withAncestors(path.dirname(group))];
}

function limitOf(folder: string, read: ReadText): number | undefined {
  const [quota = "", period = ""] =
    read(path.join(folder, "cpu.max"))?.trim().split(" ") ??
    ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map((name) => read(path.join(folder, name))?.trim());
  // Without a limit version 2 says "max", version 1 says -1.
  const limit = Number(quota) / Number(period);
  return limit > 0 && Number.isFinite(limit) ? limit : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
