/** Where a Docker engine answers: a cluster in it, by `kind`, for the time of a test run. */
import { join } from "node:path";
import { tmpdir } from "node:os";
import { command, succeeds } from "./command.ts";

const name = "traintask-test";
const kubeconfig = join(tmpdir(), `${name}.kubeconfig`);

/** Whether an engine answers and kind is installed. */
export const kindIsAtHand = async (): Promise<boolean> =>
  (await succeeds(["docker", "info"])) && (await succeeds(["kind", "version"]));

/** @returns the path of its kubeconfig */
export async function createKindCluster(): Promise<string> {
  await deleteKindCluster();
  await command(["kind", "create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--wait", "5m"], {
    timeoutMs: 900_000,
  });
  return kubeconfig;
}

export async function deleteKindCluster(): Promise<void> {
  await command(["kind", "delete", "cluster", "--name", name, "--kubeconfig", kubeconfig], { timeoutMs: 300_000 });
}
