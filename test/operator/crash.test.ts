/**
 * The operator dies while it carries out a plan, just before or just after one of its writes, any of them and more
 * than once, and is started anew. Meanwhile one task succeeds, one runs out of memory first, one is suspended and
 * resumed, one is cancelled, one's data are bad and one's Job is deleted. All must end as they would have without the
 * deaths, none may run twice, and the limit holds throughout.
 */
import { expect, test } from "vitest";
import type { TransportRequest } from "../../kube/transport.ts";
import { labels } from "../../traintask/names.ts";
import { random } from "../../traintask/random.ts";
import { liveJobsPerTask, mostLiveJobs } from "./history.ts";
import { play, script } from "./passing-tasks.ts";
import { createWorld } from "./world.ts";
import type { Fate, World } from "./world.ts";

const deaths = ["lost before", "lost after"] as const;
type Deadly = (write: number) => (typeof deaths)[number] | undefined;

/** Writes of objects; Events and what a queue counts come and go with the operator. */
function isWrite({ method, path }: TransportRequest): boolean {
  return method !== "GET" && !path.includes("/events") && !path.includes("/trainqueues/");
}

interface Outcome {
  readonly ends: Record<string, unknown>;
  readonly jobs: Record<string, number>;
  readonly writes: number;
  readonly killed: number;
}

async function run(deadly: Deadly): Promise<Outcome> {
  const world = createWorld({ maxRunning: 2 });
  let [writes, killed] = [0, 0];
  world.fate = (request): Fate => {
    if (!isWrite(request)) return "answered";
    writes += 1;
    const death = deadly(writes);
    if (death === undefined) return "answered";
    killed += 1;
    world.killOperators();
    return death;
  };
  try {
    await play(world, () => world.start());
    expect(mostLiveJobs(world.history)).toBe(2);
    expect(Math.max(...liveJobsPerTask(world.history).values())).toBe(1);
    return { ends: endsOf(world), jobs: jobsOf(world), writes, killed };
  } finally {
    world.fate = () => "answered";
    await world.close();
  }
}

function endsOf(world: World): Record<string, unknown> {
  return Object.fromEntries(
    world.tasks().map(({ metadata, status }) => {
      const { state, attempt, retries = 0, failure } = status;
      return [metadata.name, { state, attempt, retries, failure: failure?.class }];
    }),
  );
}

/** By task, how many Jobs there ever were. */
function jobsOf(world: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { metadata } of world.created("Job")) {
    const task = metadata?.labels?.[labels.task] ?? "";
    counts[task] = (counts[task] ?? 0) + 1;
  }
  return counts;
}

const expected = {
  ends: Object.fromEntries(Object.entries(script).map(([name, { end }]) => [name, end])),
  jobs: Object.fromEntries(Object.entries(script).map(([name, { end }]) => [name, end.attempt])),
};

test("without a death the tasks end as the script has it", { timeout: 60_000 }, async () => {
  expect(await run(() => undefined)).toMatchObject({ ...expected, killed: 0 });
});

const period = 6;
for (const death of deaths) {
  for (let first = 1; first <= period; first++) {
    const word = death === "lost before" ? "before" : "after";
    const name = `an operator that dies just ${word} its write number ${first}, and every ${period}th from there on, loses no task and runs none twice`;
    test(name, { timeout: 60_000 }, async () => {
      const outcome = await run((write) => (write % period === first % period ? death : undefined));
      expect(outcome).toMatchObject(expected);
      expect(outcome.killed).toBeGreaterThan(2);
    });
  }
}

for (let seed = 1; seed <= 6; seed++) {
  const name = `an operator that dies at random writes loses no task and runs none twice (seed ${seed})`;
  test(name, { timeout: 60_000 }, async () => {
    const chance = random(seed);
    const outcome = await run(() => (chance.below(4) === 0 ? deaths[chance.below(2)] : undefined));
    expect(outcome).toMatchObject(expected);
  });
}
