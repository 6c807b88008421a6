/** TrainTask's own namespace: no pod is made there that could mount what is not for tasks. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const inContainer = { trainer: { randomForest: undefined, container: { image: "x" } }, dataset: undefined };
const inVolume = { dataset: { synthetic: undefined, volume: { claimName: "traintask-api", path: "x" }, target: "y" } };

for (const [name, spec] of Object.entries({ "a container": inContainer, "a volume": inVolume })) {
  test(`a task with ${name} fails there, and no Job is made`, async () => {
    world.start({ closedNamespace: "default" });
    await world.submit({ spec });
    await world.clock.advance(10_000);
    expect(world.created("Job")).toEqual([]);
    const { state, failure } = world.task().status;
    expect([state, failure?.class]).toEqual(["Failed", "BadConfiguration"]);
    expect(failure?.message).toContain("Namespace default is TrainTask's own");
    expect(failure?.message).toContain("another namespace");
  });

  test(`a task with ${name} runs elsewhere`, async () => {
    world.start({ closedNamespace: "traintask" });
    await world.submit({ spec });
    await world.clock.advance(100);
    expect(world.created("Job")).toHaveLength(1);
  });
}

test("a built-in trainer runs there as anywhere", async () => {
  world.start({ closedNamespace: "default" });
  await world.submit();
  await world.clock.advance(100);
  expect(world.created("Job")).toHaveLength(1);
});
