/**
 * kill -9 of the whole program in mid-training, several times at random moments, then a start: the task completes,
 * nothing that was stored is trained again, and the model has the bytes of an undisturbed run.
 */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { freshDataDir, getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

const dataDirs: string[] = [];
const systems = new Set<System>();
const dataDir = (): string => {
  const made = freshDataDir();
  dataDirs.push(made);
  return made;
};
async function start(dataDirectory: string): Promise<System> {
  const system = await startSystem({ dataDir: dataDirectory, args: ["--max-running", "2"] });
  systems.add(system);
  return system;
}
afterAll(async () => {
  for (const system of systems) await system.stop();
  for (const made of dataDirs) rmSync(made, { recursive: true, force: true });
});

async function undisturbed(task: object): Promise<string> {
  const system = await start(dataDir());
  const { metadata } = await submit(system, task);
  const done = await taskIn(system, metadata.name, { states: ["Succeeded"], withinMs: 180_000 });
  await system.stop();
  return done.status.model?.digest ?? "no model";
}

/** Waits for training to be under way, a random while longer, and kills. Answers false when the task was quicker. */
async function killInMidTraining(system: System, name: string): Promise<boolean> {
  const atWork = await until(`${name} is training`, async () => {
    const { status } = await getTask(system, name);
    if (["Succeeded", "Failed"].includes(status.state)) return "ended";
    return status.state === "Running" ? "training" : undefined;
  });
  if (atWork === "ended") return false;
  await sleep(200 + Math.random() * 1200);
  await system.kill();
  systems.delete(system);
  return true;
}

describe("the program killed in mid-training", () => {
  it(
    "completes after five kills at random moments, with the digest of an undisturbed run",
    { timeout: 600_000 },
    async () => {
      const task = slowForest("killed", { trees: 1500, rows: 8000 });
      const expected = await undisturbed(task);
      const place = dataDir();
      let system = await start(place);
      await submit(system, task);
      let kills = 0;
      while (kills < 5 && (await killInMidTraining(system, "killed"))) {
        kills += 1;
        system = await start(place);
      }
      const done = await taskIn(system, "killed", { states: ["Succeeded", "Failed", "Cancelled"], withinMs: 240_000 });
      expect(done.status.failure).toBeUndefined();
      expect(done.status).toMatchObject({ state: "Succeeded", model: { digest: expected, partial: false } });
      expect(kills).toBeGreaterThanOrEqual(3);
    },
  );
});
