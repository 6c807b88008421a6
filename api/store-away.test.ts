/** The API while the bucket fails: what needs it is answered with 503, what does not goes on. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bucketIsAtHand, skipped, startBucket } from "../test/artifacts/bucket.ts";
import type { Bucket } from "../test/artifacts/bucket.ts";
import { faultyDoor } from "../test/artifacts/faulty-door.ts";
import type { FaultyDoor } from "../test/artifacts/faulty-door.ts";
import { createTask, startPod } from "../test/api/pod.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { apiSettings } from "./settings.ts";

describe.skipIf(!bucketIsAtHand)(`while the bucket is away${skipped}`, { timeout: 120_000 }, () => {
  let bucket: Bucket;
  let door: FaultyDoor;
  let stack: Stack;
  beforeAll(async () => {
    bucket = await startBucket();
    door = await faultyDoor(bucket.url);
    const { s3 } = apiSettings({ s3: { ...bucket.settings, endpoint: door.url, prefix: randomUUID() } });
    stack = await startStack({ settings: { dataDir: undefined, s3 } });
  });
  afterAll(async () => {
    await stack.close();
    await door.close();
    await bucket.close();
  });
  beforeEach(() => door.next("", []));

  it("a chunk is a 503 that asks to come again, and then is stored", async () => {
    const pod = await startPod(stack, await createTask(stack, "chunk"));
    for (const method of ["GET", "PUT"]) {
      door.next(method, [], { answer: 500 });
      const { status, headers } = await pod.put({ text: "one\n" });
      expect([status, headers["retry-after"]]).toEqual([503, "1"]);
    }
    door.next("", []);
    expect((await pod.put({ text: "one\n" })).at("/length")).toBe(4);
    expect((await pod.get("model")).text).toBe("one\n");
  });

  it("a task can be looked at and cancelled, and soon, and its status still follows the trainer", async () => {
    const pod = await startPod(stack, await createTask(stack, "looked-at"));
    door.next("GET", [], { silent: true });
    const begun = performance.now();
    expect((await stack.call("GET /v1/tasks/looked-at")).status).toBe(200);
    expect((await stack.call("POST /v1/tasks/looked-at/suspend")).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(8000);
    door.next("PUT", [], { answer: 500 });
    const trainerStatus = { progressPercentage: 7, lastUpdatedTime: "2030-01-01T00:00:00Z" };
    expect((await pod.progress({ trainerStatus })).status).toBe(503);
    const percent = "/status/trainerStatus/progressPercentage";
    await until(async () => (await stack.call("GET /v1/tasks/looked-at")).at(percent) === 7);
  });
});
