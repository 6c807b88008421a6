/** Processes within containers of a node on this machine, found from outside: nobody in the cluster notices who killed them. */
import { readdirSync, readFileSync } from "node:fs";
import type { Pod } from "../../kube/objects.ts";
import { eventually } from "./release.ts";

/** Kills the pod's container, as the kernel would, and waits until it is gone. @returns how many processes were killed */
export async function killContainer(pod: Pod): Promise<number> {
  const pids = processesOf(pod);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await eventually("the container is gone", () => (processesOf(pod).length === 0 ? true : undefined));
  return pids.length;
}

/** Of the pod's containers; those that only hold its network are not among them. */
export function processesOf({ metadata, status }: Pod): number[] {
  const ids = (status?.containerStatuses ?? []).flatMap(
    ({ containerID }) => containerID?.replace(/^.*:\/\//, "") ?? [],
  );
  if (ids.length === 0) throw new Error(`pod ${metadata?.name} has no container`);
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => ids.some((id) => cgroupsOf(pid).includes(id)));
}

function cgroupsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
