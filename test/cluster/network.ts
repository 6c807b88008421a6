/**
 * The cluster's own network namespace, with no way out: addresses meet nobody else's, and deleting it removes every
 * interface and rule that the cluster made. Whoever wants to talk to the cluster must enter it.
 */
import { existsSync } from "node:fs";
import { addresses, clusterName } from "./layout.ts";
import { command, succeeds } from "./command.ts";

const mount = `/run/netns/${clusterName}`;

/** The command, within the cluster's network. `ip netns exec` would also remount /sys. */
export function inNetwork(line: readonly [string, ...string[]]): [string, ...string[]] {
  return ["nsenter", `--net=${mount}`, ...line];
}

export const networkIsThere = (): boolean => existsSync(mount);

/** Makes the namespace, unless it is there. The node's address stands on an empty bridge: dummy devices may be missing. */
export async function makeNetwork(): Promise<void> {
  if (networkIsThere()) return;
  await command(["ip", "netns", "add", clusterName]);
  const steps: [string, ...string[]][] = [
    ["ip", "link", "set", "lo", "up"],
    ["ip", "link", "add", "node0", "type", "bridge"],
    ["ip", "address", "add", `${addresses.node}/24`, "dev", "node0"],
    ["ip", "link", "set", "node0", "up"],
    ["ip", "route", "add", addresses.services, "dev", "node0"],
    ["ip", "route", "add", "blackhole", addresses.pods, "metric", "4000"],
    ["sysctl", "-qw", "net.ipv4.ip_forward=1"],
  ];
  for (const step of steps) await command(inNetwork(step));
}

/** Ends whoever is left in the namespace: shims of containers, and what a crash kept from being recorded. */
export async function removeNetwork(): Promise<void> {
  if (!networkIsThere()) return;
  const left = (await command(["ip", "netns", "pids", clusterName])).split("\n").filter(Boolean);
  for (const pid of left) if (Number(pid) !== process.pid) await succeeds(["kill", "-KILL", pid]);
  await command(["ip", "netns", "delete", clusterName]);
}
