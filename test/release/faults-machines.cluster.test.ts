/**
 * What happens to the parts of the cluster and of the release on a real node: killed without warning, or silent for
 * minutes. One after the other, since each concerns every task.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { type Job, jobs, type Pod } from "../../kube/objects.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { startApiServerAgain } from "../cluster/control-plane.ts";
import { layout } from "../cluster/layout.ts";
import { startKubeletAgain } from "../cluster/node.ts";
import { kill, runs } from "../cluster/process.ts";
import { aScene, type Scene } from "./fault-scene.ts";
import { killContainer, processesOf } from "./processes.ts";
import { cannotInstall, eventually, theRelease, unlessInstallable } from "./release.ts";

const timeout = 400_000;
const elsewhere = process.env["TRAINTASK_IN_NETWORK"] === undefined;
const unless = elsewhere ? " (skipped: needs a cluster whose processes this program may kill)" : unlessInstallable;
const never = new AbortController().signal;
/** Half a minute's work at the half core that a task of the scene gets. */
const long = { trainer: { randomForest: { nEstimators: 4000, minSamplesLeaf: 10 } } };
const small = { trainer: { randomForest: { nEstimators: 50, minSamplesLeaf: 10 } } };

describe.skipIf(cannotInstall || elsewhere)(`parts of a cluster${unless}`, { timeout }, () => {
  let scene: Scene;
  /** Of a test, or of its second try, which must not find the tasks of the first. */
  let tries = 0;
  const named = (name: string): string => `${name}-${tries}`;
  beforeEach(() => void (tries += 1));
  // A test that failed half-way must not leave a cluster without its parts to whatever follows.
  afterEach(async () => {
    if (!runs("kube-apiserver")) await startApiServerAgain(never);
    if (!runs("kubelet")) await startKubeletAgain(never);
  }, timeout);
  beforeAll(async () => {
    scene = await aScene("faults-machines", { release: await theRelease(), maxRunning: 3 });
  }, timeout);
  afterAll(async () => {
    await scene.leave();
    await scene.release.leave();
  }, timeout);

  const post = (name: string): Promise<Response> =>
    scene.release.call(
      `/v1/tasks?namespace=${scene.namespace}`,
      {
        method: "POST",
        body: JSON.stringify({ metadata: { name }, spec: scene.spec(small) }),
        headers: { "content-type": "application/json" },
      },
      { token: scene.token },
    );

  it("the API server, killed while tasks run: nothing is accepted meanwhile, and nothing is lost", async () => {
    const before = [named("before-a"), named("before-b")] as const;
    await scene.submitAll(before);
    await scene.untilUnderWay(before[0]);
    await kill("kube-apiserver");
    const { status } = await post(named("refused"));
    expect(status).toBe(503);
    await startApiServerAgain(never);
    await kill("kube-apiserver");
    await startApiServerAgain(never);
    await eventually("a task is accepted", async () =>
      (await post(named("after"))).status === 201 ? true : undefined,
    );
    for (const name of before) expect((await scene.untilTrained(name)).status?.attempt).toBe(1);
    expect((await scene.untilTrained(named("after"), small)).status?.attempt).toBe(1);
    await expect(scene.task(named("refused"))).rejects.toThrow(/not found/);
  });

  it("the operator, killed while it admits: each task gets one Job", async () => {
    const { client } = scene.release;
    const names = Array.from({ length: 8 }, (_, index) => named(`admitted-${index}`));
    const mine = async (): Promise<Job[]> => {
      const { items } = await client.list<Job>(jobs, { namespace: scene.namespace });
      return items.filter(({ metadata }) => names.some((name) => metadata?.name?.startsWith(`${name}-`)));
    };
    const operator = await livePod(scene, "operator");
    const submitted = scene.submitAll(names, small);
    await eventually("the first Job is there", async () => ((await mine()).length > 0 ? true : undefined));
    expect(await killContainer(operator)).toBeGreaterThan(0);
    const before = (await mine()).length;
    await submitted;
    await eventually("another Job is there", async () => ((await mine()).length > before ? true : undefined));
    expect(await killContainer(await livePod(scene, "operator"))).toBeGreaterThan(0);
    for (const name of names) expect((await scene.untilTrained(name, small)).status).toMatchObject({ attempt: 1 });
    expect(await mine()).toHaveLength(names.length);
  });

  it("the API, killed in the middle of an upload: the pod waits for it and goes on", async () => {
    await scene.submit(named("uploading"), long);
    await scene.untilUnderWay(named("uploading"));
    const chunks = (): number => filesIn(folderOf(scene, uid), "model/0").length;
    const { uid } = (await scene.task(named("uploading"))).metadata;
    const api = await livePod(scene, "api");
    const before = chunks();
    await eventually("another chunk comes", () => (chunks() > before ? true : undefined));
    expect(await killContainer(api)).toBeGreaterThan(0);
    const { status } = await scene.untilTrained(named("uploading"), long);
    expect(status).toMatchObject({ attempt: 1 });
    expect(scene.onlooker.lives(named("uploading"))).toHaveLength(1);
  });

  it("the API, killed between the last chunk and the seal: the model is sealed when it is back", async () => {
    let hit = false;
    for (let i = 0; i < 10 && !hit; i++) {
      const name = named(`unsealed-${i}`);
      await scene.submit(name, small);
      const { uid } = (await scene.task(name)).metadata;
      hit = await killUnsealed(processesOf(await livePod(scene, "api")), folderOf(scene, uid));
      await scene.untilTrained(name, small);
    }
    expect(hit).toBe(true);
  });

  it("the kubelet, silent for two minutes: the task says so and keeps its slot, and is done when it is back", async () => {
    await scene.submit(named("silent"), { trainer: { randomForest: { nEstimators: 6000, minSamplesLeaf: 10 } } });
    await scene.untilUnderWay(named("silent"));
    await kill("kubelet");
    const since = clock.monotonic();
    const reason = ({ status }: TrainTask): string | undefined =>
      status?.conditions?.find(({ type }) => type === "Running")?.reason;
    await scene.taskWhen(named("silent"), (task) => reason(task) === "NodeUnreachable");
    await scene.submit(named("behind-it"), small);
    await clock.sleep(Math.max(0, 120_000 - (clock.monotonic() - since)));
    expect(reason(await scene.task(named("silent")))).toBe("NodeUnreachable");
    expect(scene.release.kubectl("get", "trainqueue", scene.namespace, "-o", "jsonpath={.status.running}")).toBe("2");
    await startKubeletAgain(never);
    await scene.taskWhen(named("silent"), ({ status }) => status?.state === "Succeeded");
    expect((await scene.task(named("silent"))).status).toMatchObject({ attempt: 1 });
    expect(scene.onlooker.lives(named("silent"))).toHaveLength(1);
    await scene.untilTrained(named("behind-it"), small);
  });
});

/** Where the API of the release keeps what this task has uploaded. */
function folderOf({ release }: Scene, uid: string): string {
  const claim = [
    "persistentvolumeclaim",
    "--namespace",
    release.namespace,
    "-o",
    "jsonpath={.items[0].spec.volumeName}",
  ];
  return join(layout.volumes, release.kubectl("get", ...claim), "artifacts", "tasks", uid);
}

/** The pod whose container runs by now: one that was killed a moment ago may still be called ready. */
function livePod({ release }: Scene, component: "operator" | "api"): Promise<Pod> {
  return eventually(`the ${component} runs`, async () => {
    const pod = await release.pod(component);
    return processesOf(pod).length > 0 ? pod : undefined;
  });
}

function filesIn(...parts: string[]): string[] {
  const folder = join(...parts);
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** An empty chunk, which has nothing but the line with its digest, is a part's last. */
const isLast = (file: string): boolean => statSync(file).size === 65;

/** Halts the API as soon as it has the last chunk, and kills it if it has not sealed yet. @returns whether it had not */
async function killUnsealed(api: readonly number[], folder: string): Promise<boolean> {
  const tell = (signal: NodeJS.Signals): void => api.forEach((pid) => process.kill(pid, signal));
  for (const deadline = clock.monotonic() + 120_000; clock.monotonic() < deadline; await clock.sleep(1)) {
    if (!existsSync(join(folder, "report"))) continue;
    tell("SIGSTOP");
    const isSealed = existsSync(join(folder, "seal.json"));
    if (!isSealed && filesIn(folder, "report/0").some(isLast)) {
      tell("SIGKILL");
      return true;
    }
    tell("SIGCONT");
    if (isSealed) return false;
  }
  throw new Error(`nothing was uploaded to ${folder} within two minutes`);
}
