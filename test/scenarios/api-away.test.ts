/**
 * The API goes away while pods train: they wait for it with what they have grown, and the model has the bytes of an
 * undisturbed run, whenever it went and however long it stayed away.
 */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TransportRequest } from "../../kube/transport.ts";
import { type Composed, startComposed } from "./composed.ts";
import { getTask, longEnough, type SlowForest, slowForest, submit, type TaskAnswer, taskIn, until } from "./system.ts";

let system: Composed;
let smallUndisturbed: object;
beforeAll(async () => {
  system = await startComposed();
  smallUndisturbed = await undisturbed("calm-and-small", small);
}, 180_000);
afterAll(async () => {
  await system.stop();
});

const small = { trees: 20, rows: 500 };
const ended = async (name: string): Promise<TaskAnswer["status"]> =>
  (await taskIn(system, name, { states: ["Succeeded", "Failed"], withinMs: 150_000 })).status;
const logOf = async (name: string): Promise<string> => (await fetch(`${system.url}/v1/tasks/${name}/logs`)).text();

/** What the same task comes to when nothing happens to it. */
async function undisturbed(name: string, forest?: SlowForest): Promise<object> {
  await submit(system, slowForest(name, forest));
  const { model, score } = await ended(name);
  expect(model).toMatchObject({ digest: expect.stringMatching(/^sha256:/) as string, partial: false });
  return { state: "Succeeded", attempt: 1, model, score };
}

/** The write by which a sealed model is told: all its parts are stored, and nobody knows yet that it is finished. */
const tellsOfTheModel = ({ method, body }: TransportRequest): boolean =>
  method === "PATCH" && String(body).includes('"model":{"digest"');

/** Submits a small task and stops the API once all parts are stored, before its status names a model. */
async function stopBeforeSealing(name: string): Promise<TaskAnswer> {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  system.losing((request) => {
    if (!tellsOfTheModel(request)) return false;
    reach();
    return true;
  });
  const task = await submit(system, slowForest(name, small));
  await reached;
  expect((await getTask(system, name)).status.model).toBeUndefined();
  await system.stopApi();
  system.losing(() => false);
  return task;
}

/** Takes the API from a task in mid-training for a while; undefined where the task was done first. */
async function withoutApiAt(trees: number): Promise<{ forest: SlowForest; status: TaskAnswer["status"] } | undefined> {
  const name = `in-training-${trees}`;
  const forest = { trees, rows: 2000 };
  await submit(system, slowForest(name, forest));
  // The log comes about once a second, the progress only every five.
  await until("some trees are grown", async () =>
    (await logOf(name)).includes(` of ${trees} trees`) ? true : undefined,
  );
  await system.stopApi();
  await sleep(3_000);
  await system.startApi();
  const status = await ended(name);
  return (await logOf(name)).includes("cannot be reached") ? { forest, status } : undefined;
}

describe("the API goes away and comes back", { timeout: 240_000 }, () => {
  it("in mid-training: the pod waits for it in the same attempt", async () => {
    const { forest, status } = await longEnough(1200, withoutApiAt);
    expect(status).toMatchObject(await undisturbed("calm", forest));
  });

  it("between the last chunk and the word that the model is sealed", async () => {
    await stopBeforeSealing("before-the-word");
    await sleep(3_000);
    await system.startApi();
    expect(await ended("before-the-word")).toMatchObject(smallUndisturbed);
  });

  it("between the last chunk and the seal itself", async () => {
    const { metadata } = await stopBeforeSealing("before-the-seal");
    // As if it had been killed a moment earlier: the parts are there, the seal is not.
    await rm(path.join(system.dataDir, "artifacts", "tasks", metadata.uid, "seal.json"));
    await system.startApi();
    expect(await ended("before-the-seal")).toMatchObject(smallUndisturbed);
    const model = await fetch(`${system.url}/v1/tasks/before-the-seal/model`);
    expect(
      `sha256:${createHash("sha256")
        .update(await model.bytes())
        .digest("hex")}`,
    ).toBe((await getTask(system, "before-the-seal")).status.model?.digest);
  });
});
