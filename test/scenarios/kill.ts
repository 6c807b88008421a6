/**
 * kill -9 of the whole program in mid-training, several times at random moments, then a start: the task completes,
 * nothing that was stored is trained again, and the model has the bytes of an undisturbed run.
 */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import {
  freshDataDir,
  getTask,
  slowForest,
  startSystem,
  submit,
  type System,
  type TaskAnswer,
  taskIn,
  until,
} from "./system.ts";

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
  const expected = (await undisturbed(task)).status.model?.digest;
  const dataDir = freshDataDir();
  let system = await startSystem({ dataDir });
  try {
    await submit(system, task);
    let killed = 0;
    while (killed < kills && (await killInMidTraining(system))) {
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

async function undisturbed(task: object): Promise<TaskAnswer> {
  const system = await startSystem();
  try {
    await submit(system, task);
    return await taskIn(system, name, { states: ["Succeeded"], withinMs: 240_000 });
  } finally {
    await system.stop();
  }
}

/** Waits for training to be under way, a random while longer, and kills. Answers false when the task was quicker. */
async function killInMidTraining(system: System): Promise<boolean> {
  const atWork = await until(`${name} is training`, async () => {
    const { status } = await getTask(system, name);
    if (["Succeeded", "Failed"].includes(status.state)) return "ended";
    return status.state === "Running" ? "training" : undefined;
  });
  if (atWork === "ended") return false;
  await sleep(500 + Math.random() * 2000);
  await system.kill();
  return true;
}

/** The stored model holds each tree once, in order: chunks are never replaced, and each attempt went on after the last. */
async function expectNothingTrainedTwice(system: System, trees: number): Promise<void> {
  const model = await (await fetch(`${system.url}/v1/tasks/${name}/model`)).text();
  const grown = [...model.matchAll(/^\{"kind":"tree","tree":([0-9]+)/gm)].map(([, tree]) => Number(tree));
  expect(grown).toEqual(Array.from({ length: trees }, (_, tree) => tree));
}
