/**
 * The tests that need a real cluster, on the one that is at hand: what KUBECONFIG names, else kind where a Docker engine
 * answers, else a cluster on this machine. A cluster that was started for the run is stopped after it.
 */
import { join } from "node:path";
import { bringUp, runningSize, takeDown, type Up } from "./cluster.ts";
import { interactive } from "./command.ts";
import { shellImage } from "./images.ts";
import { createKindCluster, deleteKindCluster, kindIsAtHand } from "./kind.ts";
import { kubeconfigOf } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { claimCluster } from "./process.ts";
import { buildTools, pathWithClients } from "./tools.ts";

const root = join(import.meta.dirname, "..", "..");

export interface TestRun extends Up {
  /** For vitest: names of files, -t and so on. */
  readonly args: readonly string[];
  /** KUBECONFIG of the person who started the run. */
  readonly kubeconfig: string | undefined;
}

/** @returns the exit code of the tests */
export async function runTests(run: TestRun): Promise<number> {
  const { kubeconfig, progress, signal } = run;
  const vitest = vitestLine(run.args);
  if (kubeconfig !== undefined) {
    progress(`on the cluster of KUBECONFIG, ${kubeconfig}`);
    return interactive(vitest, { signal });
  }
  if (await kindIsAtHand()) {
    progress("on kind");
    try {
      return await interactive(vitest, { env: { KUBECONFIG: await createKindCluster() }, signal });
    } finally {
      await deleteKindCluster();
    }
  }
  return onThisMachine(run, vitest);
}

async function onThisMachine(run: TestRun, vitest: [string, ...string[]]): Promise<number> {
  claimCluster();
  const running = await runningSize();
  const size = running ?? run.size;
  await buildTools(["helm"], run);
  if (running === undefined) await bringUp(run);
  run.progress(`on this machine, size "${size}"${running === undefined ? "" : ", which was up before and stays up"}`);
  try {
    return await interactive(inNetwork(vitest), {
      env: {
        KUBECONFIG: kubeconfigOf("admin"),
        PATH: pathWithClients(),
        TRAINTASK_SHELL_IMAGE: shellImage,
        ...(size === "node" ? {} : { TRAINTASK_NO_KUBELET: "1" }),
      },
      signal: run.signal,
    });
  } finally {
    if (running === undefined) await takeDown();
  }
}

const vitestLine = (args: readonly string[]): [string, ...string[]] => [
  process.execPath,
  join(root, "node_modules", "vitest", "vitest.mjs"),
  "run",
  "--config",
  join(root, "vitest.cluster.config.ts"),
  ...args,
];
