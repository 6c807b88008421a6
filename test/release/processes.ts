/** Processes within containers of a node on this machine, found from outside: nobody in the cluster notices who killed them. */
import { readdirSync, readFileSync } from "node:fs";
import type { Pod } from "../../kube/objects.ts";

/** Kills the pod's container, as the kernel would. @returns how many processes were killed */
export function killContainer(pod: Pod): number {
  const pids = processesOf(pod);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  return pids.length;
}

/** Of the pod's containers, without the one that only holds its network. */
export function processesOf({ metadata }: Pod): number[] {
  const uid = metadata?.uid ?? "";
  if (uid === "") throw new Error("a pod without uid");
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => read(pid, "cgroup").includes(`pod${uid}`) && read(pid, "comm").trim() !== "pause");
}

function read(pid: number, file: "cgroup" | "comm"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
