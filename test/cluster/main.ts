/** `npm run cluster -- <what>` and `npm run test:cluster`: a real Kubernetes on this machine, for people and for tests. */
import { parseArgs } from "node:util";
import { bringUp, furnishNode, runningSize, takeDown } from "./cluster.ts";
import { interactive } from "./command.ts";
import { environment } from "./environment.ts";
import { kubeconfigOf, layout, type ClusterSize } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { claimCluster, recordedNames, runs } from "./process.ts";
import { imagesOnNode } from "./release-images.ts";
import { runTests } from "./test-run.ts";

const usage = `npm run cluster -- up [--control-plane | --node]   start a cluster (--node unless told otherwise)
npm run cluster -- down                            stop it and everything that it started
npm run cluster -- status                          what of it runs
npm run cluster -- kubeconfig                      the path of its kubeconfig
npm run cluster -- exec <command...>               run a command where the cluster can be reached: kubectl get pods
npm run test:cluster -- [...]                      run the tests that need a real cluster; what is said goes to vitest
    --control-plane | --node                       only those on pretended nodes, or only those on a real node
    --soak                                         only the long one, on pretended nodes`;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait; `down` takes away what then is left.
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort(new Error(`ended by ${signal}`));
  });
}
const begun = performance.now();
const progress = (line: string): void =>
  console.error(`[${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s] ${line}`);

async function status(): Promise<void> {
  const size = await runningSize();
  console.log(size === undefined ? "no cluster is up" : `a cluster is up: ${size}`);
  for (const name of recordedNames()) console.log(`  ${name}: ${runs(name) ? "runs" : "has ended"}`);
  if (size !== undefined) console.log(`  logs: ${layout.logs}`);
}

async function up(size: ClusterSize): Promise<void> {
  claimCluster();
  const options = { progress, signal: stopping.signal };
  if ((await runningSize()) === size) progress(`a cluster is up already: ${size}`);
  else await bringUp({ size, ...options });
  if (size === "node") await furnishNode(options);
  progress("the cluster is up; try, after npm run --silent cluster -- exec:");
  console.log("kubectl get nodes,pods -A");
  const { TRAINTASK_IMAGE: image, TRAINTASK_TRAINER_IMAGE: trainerImage } = imagesOnNode();
  if (image === undefined || trainerImage === undefined) return;
  const named = (value: string, name: string): string => name.replace(/(.*):/, `${value}.repository=$1,${value}.tag=`);
  const values = `${named("image", image)},${named("trainerImage", trainerImage)}`;
  console.log(`helm install traintask deploy/helm/traintask -n traintask --create-namespace --set ${values}`);
}

async function main([what = "", ...rest]: string[]): Promise<number> {
  const { values } = parseArgs({
    args: rest,
    strict: false,
    options: { "control-plane": { type: "boolean" }, node: { type: "boolean" }, soak: { type: "boolean" } },
  });
  const size = values["control-plane"] === true ? "control-plane" : values["node"] === true ? "node" : undefined;
  const [program, ...args] = rest;
  switch (what) {
    case "up":
      return up(size ?? "node").then(() => 0);
    case "down":
      claimCluster();
      return takeDown().then(() => 0);
    case "status":
      return status().then(() => 0);
    case "kubeconfig":
      console.log(kubeconfigOf("admin"));
      return 0;
    case "exec":
      if (program === undefined) break;
      return interactive(inNetwork([program, ...args]), {
        env: environment((await runningSize()) ?? "node"),
        signal: stopping.signal,
      });
    case "test": {
      const own = new Set(["--control-plane", "--node", "--soak"]);
      const forVitest = rest.filter((arg) => !own.has(arg));
      const { KUBECONFIG: kubeconfig } = process.env;
      const soak = values["soak"] === true;
      return runTests({ size, soak, progress, signal: stopping.signal, args: forVitest, kubeconfig });
    }
  }
  console.error(usage);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
