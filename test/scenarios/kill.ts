/**
 * kill -9 of the whole program in mid-training, several times at random moments, then a start: the task completes,
 * nothing that was stored is trained again, and the model has the bytes of an undisturbed run.
 */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { freshDataDir, getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

const name = "killed";

export interface KillPlan {
  readonly seed: number;
  readonly trees: number;
  readonly rows: number;
  readonly kills: number;
}

/** @returns how often it was killed before it was through */
export async function completesAlthoughKilled({ seed, trees, rows, kills }: KillPlan): Promise<number> {
  const task = slowForest(name, { trees, rows, seed });
  const { digest: expected, ranMs } = await undisturbed(task);
  const dataDir = freshDataDir();
  let system = await startSystem({ dataDir });
  try {
    await submit(system, task);
    let killed = 0;
    while (killed < kills && (await killInMidTraining(system, ranMs / 4))) {
      killed += 1;
      system = await startSystem({ dataDir });
    }
    const done = await taskIn(system, name, { states: ["Succeeded", "Failed", "Cancelled"], withinMs: 240_000 });
    expect(done.status.failure).toBeUndefined();
    expect(done.status).toMatchObject({ state: "Succeeded", model: { digest: expected, partial: false } });
    await expectNothingTrainedTwice(system, trees);
    return killed;
  } finally {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The model's digest when nothing happens, and how long the pod ran for it. */
async function undisturbed(task: object): Promise<{ digest: string | undefined; ranMs: number }> {
  const system = await startSystem();
  try {
    await submit(system, task);
    await isTraining(system);
    const begin = performance.now();
    const { status } = await taskIn(system, name, { states: ["Succeeded"], withinMs: 240_000 });
    return { digest: status.model?.digest, ranMs: performance.now() - begin };
  } finally {
    await system.stop();
  }
}

/** Waits until its pod runs. Answers false when the task was quicker. */
function isTraining(system: System): Promise<boolean> {
  return until(`${name} is training`, async () => {
    const { status } = await getTask(system, name);
    if (["Succeeded", "Failed"].includes(status.state)) return false;
    return status.state === "Running" ? true : undefined;
  });
}

/**
 * Waits for training to be under way, a random while longer, and kills. Answers false when the task was quicker. Within
 * a quarter of what the whole takes, three kills find it at work however quick the machine is.
 */
async function killInMidTraining(system: System, withinMs: number): Promise<boolean> {
  if (!(await isTraining(system))) return false;
  await sleep(Math.random() * withinMs);
  await system.kill();
  return true;
}

/** The stored model holds each tree once, in order: chunks are never replaced, and each attempt went on after the last. */
async function expectNothingTrainedTwice(system: System, trees: number): Promise<void> {
  const model = await (await fetch(`${system.url}/v1/tasks/${name}/model`)).text();
  const grown = [...model.matchAll(/^\{"kind":"tree","tree":([0-9]+)/gm)].map(([, tree]) => Number(tree));
  expect(grown).toEqual(Array.from({ length: trees }, (_, tree) => tree));
}
