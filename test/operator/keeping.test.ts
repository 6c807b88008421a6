/** What is kept after the end, and for how long, against the local API server in virtual time. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { sealed } from "./pieces.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

test("a finished Job goes an hour after its end once the log is stored, and after a day without it", async () => {
  const first = await world.runningTask();
  const second = await world.runningTask({ metadata: { name: "second" } });
  for (const name of ["iris", "second"]) await world.patchStatus(sealed, name);
  await world.patchStatus({ logStored: true });
  world.scripted.end(first.name, 0);
  world.scripted.end(second.name, 0);
  await world.clock.advance(3_590_000);
  expect(world.jobs()).toHaveLength(2);
  await world.clock.advance(20_000);
  expect(world.jobs().map(({ metadata }) => metadata?.name)).toEqual([second.name]);
  await world.clock.advance(23 * 3_600_000);
  expect(world.jobs()).toEqual([]);
});

test("a finished task goes with its Job when its ttlSecondsAfterFinished are over", async () => {
  const { name } = await world.runningTask({ spec: { ttlSecondsAfterFinished: 100 } });
  await world.patchStatus(sealed);
  world.scripted.end(name, 0);
  await world.clock.advance(99_000);
  expect(world.task()).toBeDefined();
  await world.clock.advance(2000);
  expect(world.task()).toBeUndefined();
  expect(world.jobs()).toEqual([]);
});
