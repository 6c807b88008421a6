/** Where a Docker engine answers: a cluster in it, by `kind`, for the time of a test run. */
import { join } from "node:path";
import { tmpdir } from "node:os";
import { command, succeeds } from "./command.ts";
import { buildReleaseImages, environmentOf, type BuildOptions } from "./release-images.ts";

const name = "traintask-test";
const kubeconfig = join(tmpdir(), `${name}.kubeconfig`);

/** Whether an engine answers and kind is installed. */
export const kindIsAtHand = async (): Promise<boolean> =>
  (await succeeds(["docker", "info"])) && (await succeeds(["kind", "version"]));

/** With the images of this tree on its node. @returns what tests are told by their environment */
export async function createKindCluster(options: BuildOptions): Promise<Record<string, string>> {
  const images = await buildReleaseImages(options);
  await deleteKindCluster();
  await command(["kind", "create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--wait", "5m"], {
    timeoutMs: 900_000,
  });
  for (const { archive } of [images.image, images.trainerImage]) {
    await command(["kind", "load", "image-archive", archive, "--name", name], { timeoutMs: 300_000 });
  }
  return { KUBECONFIG: kubeconfig, TRAINTASK_DISPOSABLE_CLUSTER: "1", ...environmentOf(images) };
}

export async function deleteKindCluster(): Promise<void> {
  await command(["kind", "delete", "cluster", "--name", name, "--kubeconfig", kubeconfig], { timeoutMs: 300_000 });
}
