/** The Flask program's two calls, text for text, and what its users relied on. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSystem, type System, until } from "./system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ args: ["--max-running", "2"] });
});
afterAll(async () => {
  await system.stop();
});

const text = async (path: string): Promise<string> => {
  const response = await fetch(system.url + path);
  expect(response.status).toBe(200);
  return response.text();
};
interface Counts {
  queued: number;
  running: number;
  starting: number;
  succeeded: number;
  total: number;
}
const counts = async (): Promise<Counts> => (await fetch(`${system.url}/v1/counts`)).json() as Promise<Counts>;

describe("the Flask program's calls", () => {
  it("count nothing before anything was added", async () => {
    expect(await text("/RunningTaskCount")).toBe("We have 0 running tasks.");
  });

  it("run twenty tasks added at once, never more than maxRunning at a time", { timeout: 180_000 }, async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => text("/AddTask")));
    expect(new Set(answers)).toEqual(new Set(["Success"]));
    let most = 0;
    await until(
      "all twenty have succeeded",
      async () => {
        const said = await text("/RunningTaskCount");
        expect(said).toMatch(/^We have [0-9]+ running tasks\.$/);
        most = Math.max(most, Number(said.split(" ")[2]));
        const now = await counts();
        expect(now.total).toBe(20);
        expect(now.running + now.starting).toBeLessThanOrEqual(2);
        return now.succeeded === 20 ? true : undefined;
      },
      { withinMs: 150_000, everyMs: 20 },
    );
    expect(most).toBeLessThanOrEqual(2);
    expect(await text("/RunningTaskCount")).toBe("We have 0 running tasks.");
  });
});
