/**
 * The tests that need a real cluster, on the one that is at hand: what KUBECONFIG names, else kind where a Docker engine
 * answers, else clusters on this machine, one after the other: pretended nodes for the tests that need many pods, then a
 * real node for all others. What was started for the run is stopped after it, whatever happens.
 */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { bringUp, furnishNode, runningSize, takeDown, type Up } from "./cluster.ts";
import { environment } from "./environment.ts";
import { exampleImagesOnNode } from "./example-images.ts";
import { createKindCluster, deleteKindCluster, kindIsAtHand } from "./kind.ts";
import { layout, type ClusterSize } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { claimCluster } from "./process.ts";
import { pathWithClients } from "./tools.ts";
import { vitestRun, type Part, type VitestRun } from "./vitest-run.ts";

export interface TestRun extends Pick<Up, "progress" | "signal"> {
  /** The one size that is wanted; undefined: both. */
  readonly size: ClusterSize | undefined;
  /** The long test, alone. */
  readonly soak: boolean;
  /** For vitest: names of files, -t and so on. */
  readonly args: readonly string[];
  /** KUBECONFIG of the person who started the run. */
  readonly kubeconfig: string | undefined;
}

/** @returns the exit code of the tests */
export async function runTests(run: TestRun): Promise<number> {
  const vitest = vitestRun(run.args);
  try {
    await onWhatIsAtHand(run, vitest);
  } catch (error) {
    vitest.end();
    throw error;
  }
  return vitest.end();
}

/** The tests that need the images of examples, which take long to build. */
const exampleTests = "test/release/container-examples.cluster.test.ts";
const leftOut = "the tests on pretended nodes are left out: they need a cluster that this program starts";

async function onWhatIsAtHand(run: TestRun, vitest: VitestRun): Promise<void> {
  const { kubeconfig, progress, signal } = run;
  if (kubeconfig !== undefined) {
    progress(`on the cluster of KUBECONFIG, ${kubeconfig}; ${leftOut}`);
    return vitest.test(["cluster", "tools"], { signal });
  }
  if (await kindIsAtHand()) {
    progress(`on kind; ${leftOut}`);
    try {
      return await vitest.test(["cluster", "tools"], { env: await createKindCluster({ progress, signal }), signal });
    } finally {
      await deleteKindCluster();
    }
  }
  await onThisMachine(run, vitest);
}

async function onThisMachine(run: TestRun, vitest: VitestRun): Promise<void> {
  claimCluster();
  const running = await runningSize();
  const books: string[] = [];
  for (const { size, parts } of stagesOf(run, running)) {
    const selected = await vitest.selected(parts);
    if (selected.length === 0 || run.signal.aborted) continue;
    books.push(join(vitest.folder, `audit-${size}.log`));
    await stage({ size, parts: selected, isUp: running !== undefined }, run, vitest);
  }
  const all = running === undefined && run.size === undefined && run.args.length === 0 && !run.soak;
  if (!all || run.signal.aborted) return;
  await vitest.test(["after"], {
    env: { PATH: pathWithClients(), TRAINTASK_AUDIT_LOGS: books.join(":") },
    signal: run.signal,
  });
}

interface Stage {
  readonly size: ClusterSize;
  readonly parts: readonly Part[];
}

/**
 * Which parts run on which size. A cluster that is up is used as it is. On pretended nodes alone, tests that were
 * written for a real node run when they are named.
 */
export function stagesOf({ size, soak, args }: TestRun, running: ClusterSize | undefined): Stage[] {
  if (soak) return [{ size: "control-plane", parts: ["soak"] }];
  const pretended: Stage = { size: "control-plane", parts: ["kwok"] };
  const real: Stage = { size: "node", parts: ["cluster", "tools"] };
  switch (running ?? size) {
    case undefined:
      return [pretended, real];
    case "node":
      return [real];
    case "control-plane":
      return args.length === 0 ? [pretended] : [{ ...pretended, parts: ["kwok", "cluster"] }];
  }
}

async function stage(
  { size, parts, isUp }: Stage & { readonly isUp: boolean },
  run: TestRun,
  vitest: VitestRun,
): Promise<void> {
  if (!isUp) await bringUp({ ...run, size });
  run.progress(`on this machine, size "${size}"${isUp ? ", which was up before and stays up" : ""}`);
  try {
    if (size === "node") await furnishNode(run);
    const withExamples = size === "node" && (await vitest.selects(exampleTests));
    const images = withExamples ? await exampleImagesOnNode(run) : {};
    await vitest.test(parts, {
      env: { ...environment(size), ...images },
      signal: run.signal,
      wrap: inNetwork,
    });
  } finally {
    if (existsSync(layout.audit)) copyFileSync(layout.audit, join(vitest.folder, `audit-${size}.log`));
    if (!isUp) await takeDown();
  }
}
