/** An operator that watches some namespaces: it serves the tasks there and neither sees nor touches the others. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { namespaces } from "../../kube/objects.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
let asked: string[];
beforeEach(async () => {
  world = createWorld({ maxRunning: 2 });
  asked = [];
  world.fate = ({ path }) => {
    asked.push(path);
    return "answered";
  };
  for (const name of ["team-a", "team-b", "team-c"])
    await world.client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
});
afterEach(() => world.close());

const jobsIn = (namespace: string): number =>
  world.liveJobs().filter(({ metadata }) => metadata?.namespace === namespace).length;

test("a task in a namespace that is not watched waits, and nothing is asked about it", async () => {
  world.start({ watchNamespaces: ["team-a", "team-b"] });
  for (const namespace of ["team-a", "team-c"]) await world.submit({ metadata: { namespace } });
  await world.clock.advance(60_000);
  expect([jobsIn("team-a"), jobsIn("team-c")]).toEqual([1, 0]);
  const states = Object.fromEntries(world.tasks().map((task) => [task.metadata.namespace, task.status.state]));
  expect(states).toEqual({ "team-a": "Starting", "team-c": "Queued" });
  const about = asked.filter((path) => !path.includes("/trainqueues"));
  expect(about.filter((path) => !/\/namespaces\/team-[ab]\//.test(path))).toEqual([]);
});

test("one queue's limit counts what runs in all watched namespaces together", async () => {
  world.start({ watchNamespaces: ["team-a", "team-b"] });
  for (const namespace of ["team-a", "team-b"])
    for (const name of ["one", "two"]) await world.submit({ metadata: { namespace, name } });
  await world.clock.advance(5000);
  expect([jobsIn("team-a"), jobsIn("team-b")]).toEqual([1, 1]);
});

test("a namespace that may not be listed keeps the operator from acting on half of the truth", async () => {
  world.fate = ({ path }) => (path.includes("/namespaces/team-b/jobs") ? "lost before" : "answered");
  world.start({ watchNamespaces: ["team-a", "team-b"] });
  await world.submit({ metadata: { namespace: "team-a" } });
  await world.clock.advance(60_000);
  expect(world.liveJobs()).toEqual([]);
  world.fate = () => "answered";
  await world.clock.advance(60_000);
  expect(world.liveJobs()).toHaveLength(1);
});
