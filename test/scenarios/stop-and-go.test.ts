/** Cancel, suspend and the deadline: the work so far is kept and can be used. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ args: ["--max-running", "2"] });
});
afterAll(async () => {
  await system.stop();
});

const call = async (path: string, body?: object): Promise<Response> =>
  fetch(system.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
const training = (name: string): Promise<unknown> =>
  until(`${name} has made progress`, async () => {
    const { status } = await getTask(system, name);
    return status.state === "Running" && (status.trainerStatus?.progressPercentage ?? 0) >= 2 ? status : undefined;
  });
const sealed = (name: string): Promise<{ digest: string; partial: boolean }> =>
  until(`${name} has a sealed model`, async () => (await getTask(system, name)).status.model);
async function predicts(name: string): Promise<void> {
  const row = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x${index + 1}`, 0.5]));
  const response = await call(`/v1/tasks/${name}/predict`, { rows: [row] });
  expect(response.status).toBe(200);
  const { predictions } = (await response.json()) as { predictions: { value: number }[] };
  expect(predictions[0]?.value).toBeGreaterThan(0);
}

describe("a task in mid-training", () => {
  it("leaves a partial model that predicts when it is cancelled", { timeout: 120_000 }, async () => {
    await submit(system, slowForest("cancelled", { trees: 20_000 }));
    await training("cancelled");
    expect((await call("/v1/tasks/cancelled/cancel")).status).toBeLessThan(300);
    const task = await taskIn(system, "cancelled", { states: ["Cancelled"] });
    expect(task.status.failure?.class ?? "Cancelled").toBe("Cancelled");
    expect(await sealed("cancelled")).toMatchObject({ partial: true });
    await predicts("cancelled");
  });

  it("keeps its partial model and says so when it passes its deadline", { timeout: 120_000 }, async () => {
    const task = slowForest("late", { trees: 20_000 }) as { spec: object };
    await submit(system, { ...task, spec: { ...task.spec, activeDeadlineSeconds: 8 } });
    const late = await taskIn(system, "late", { states: ["Failed"] });
    expect(late.status.failure).toMatchObject({ class: "DeadlineExceeded" });
    expect(await sealed("late")).toMatchObject({ partial: true });
    await predicts("late");
  });

  it("goes on where it was after it was suspended, to the same bytes", { timeout: 240_000 }, async () => {
    await submit(system, slowForest("undisturbed", { trees: 800 }));
    const expected = (await taskIn(system, "undisturbed", { states: ["Succeeded"] })).status.model?.digest;
    await submit(system, slowForest("suspended", { trees: 800 }));
    await training("suspended");
    expect((await call("/v1/tasks/suspended/suspend")).status).toBeLessThan(300);
    await taskIn(system, "suspended", { states: ["Suspended"] });
    expect((await call("/v1/tasks/suspended/resume")).status).toBeLessThan(300);
    const done = await taskIn(system, "suspended", { states: ["Succeeded"] });
    expect(done.status).toMatchObject({ attempt: 2, model: { digest: expected, partial: false } });
    const log = await (await fetch(`${system.url}/v1/tasks/suspended/logs?attempt=2`)).text();
    expect(log).toMatch(/[1-9][0-9]* (of [0-9]+ )?trees/);
  });
});
