/** Two API servers on one local API server and one store, as two replicas are: whoever is asked, the answer is the same. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bucketIsAtHand, skipped, startBucket } from "../test/artifacts/bucket.ts";
import type { Bucket } from "../test/artifacts/bucket.ts";
import { createTask, endTask, startPod } from "../test/api/pod.ts";
import type { TestPod } from "../test/api/pod.ts";
import { call, startStack, until } from "../test/api/stack.ts";
import type { Answer, Stack } from "../test/api/stack.ts";
import { aHeader, aTree, modelText } from "../test/builders/model.ts";
import { systemClock } from "../kube/clock.ts";
import { jobs, pods } from "../kube/objects.ts";
import type { KubeObject } from "../kube/objects.ts";
import type { Log } from "../kube/log.ts";
import { startApi } from "./server.ts";
import type { RunningApi } from "./server.ts";
import { apiSettings } from "./settings.ts";
import type { S3Input } from "./settings.ts";

/** A container's log on its node: a line now and then, the same to everybody who reads it. */
const lines = Array.from({ length: 60 }, (_, i) => `line ${i} of the container\n`);
async function* nodeLog(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const line of lines) {
    if (signal.aborted) return;
    yield Buffer.from(line);
    await systemClock.sleep(50, signal);
  }
}

describe("two replicas on one directory", () => replicasOf(() => Promise.resolve(undefined)));

describe.skipIf(!bucketIsAtHand)(`two replicas on one bucket${skipped}`, { timeout: 120_000 }, () => {
  let bucket: Bucket;
  afterAll(() => bucket.close());
  replicasOf(async () => {
    bucket = await startBucket();
    return { ...bucket.settings, prefix: randomUUID() };
  });
});

function replicasOf(bucket: () => Promise<S3Input | undefined>): void {
  const errors: unknown[] = [];
  let sealed = 0;
  const log: Log = {
    info: (_, message) => void (sealed += message === "model sealed" ? 1 : 0),
    error: (fields, message) => void errors.push({ ...fields, message }),
  };
  let stack: Stack;
  let other: RunningApi;
  /** Which of them the next call of a pod goes to. */
  let asked = 0;
  const ask: readonly Stack["call"][] = [
    (what, options) => stack.call(what, options),
    (what, options) => call(other.port, what, options),
  ];
  const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-replicas-"));
  beforeAll(async () => {
    const s3 = await bucket();
    const place = s3 === undefined ? { dataDir } : { dataDir: undefined, s3: apiSettings({ s3 }).s3 };
    stack = await startStack({ settings: place, log, logs: (_, { signal }) => nodeLog(signal) });
    const settings = apiSettings({ access: "local", port: 0, ...place });
    const { client } = stack;
    other = await startApi({ client, clock: systemClock, log, settings, signal: new AbortController().signal });
    await until(async () => (await call(other.port, "GET /readyz")).status === 200);
  });
  afterAll(async () => {
    await other.close();
    await stack.close();
    rmSync(dataDir, { recursive: true });
    // What two replicas do at once is no error of either.
    expect(errors).toEqual([]);
  });

  const aPod = async (name: string, overrides: object = {}): Promise<TestPod> => {
    const both: Stack = { ...stack, call: (what, options) => ask[asked]!(what, options) };
    return startPod(both, await createTask(stack, name, overrides));
  };
  /** The pod, whose next call goes to this replica. */
  const via = (replica: number, pod: TestPod): TestPod => {
    asked = replica % ask.length;
    return pod;
  };

  it("show a trainer's word at once, whichever of them was told", async () => {
    const pod = await aPod("told");
    for (let percent = 1; percent <= 6; percent++) {
      const lastUpdatedTime = new Date(Date.UTC(2030, 0, 1, 0, 0, percent)).toISOString();
      const trainerStatus = { progressPercentage: percent, lastUpdatedTime };
      expect((await via(percent, pod).progress({ trainerStatus })).status).toBe(200);
      for (const one of ask)
        expect((await one("GET /v1/tasks/told")).at("/status/trainerStatus/progressPercentage")).toBe(percent);
    }
  });

  it("make one model of chunks that come through both, seal it once, and both answer it", async () => {
    const pod = await aPod("model");
    const text = modelText(aHeader(), ...[0, 1, 2, 3].map((tree) => aTree({ tree }))).map((line) => `${line}\n`);
    let offset = 0;
    for (const [i, line] of text.entries()) {
      expect((await via(i, pod).put({ offset, text: line })).status).toBe(200);
      // The answer was lost, and the pod repeats itself: to the other one.
      expect((await via(i + 1, pod).put({ offset, text: line })).at("/length")).toBe(offset + line.length);
      offset += line.length;
    }
    expect((await via(0, pod).put({ offset, last: true })).at("/open")).toEqual([]);
    expect((await via(1, pod).put({ stream: "report", text: '{"score": 1}\n', last: true })).status).toBe(200);
    await until(async () => (await ask[0]!("GET /v1/tasks/model")).at("/status/model") !== undefined);
    const models = await Promise.all(ask.map((one) => one("GET /v1/tasks/model/model")));
    expect(models.map(({ status }) => status)).toEqual([200, 200]);
    expect(models[1]?.text).toBe(models[0]?.text);
    expect(models[0]?.text.startsWith(text.join(""))).toBe(true);
    expect(sealed).toBe(1);
  });

  it("take one of two chunks for the same place: the other is a 409 with the true length", async () => {
    const pod = await aPod("race");
    let offset = 0;
    for (let round = 0; round < 10; round++) {
      const texts = [`${round}\n`, `${round} from the other\n`];
      const answers = await Promise.all(texts.map((text, i) => via(round + i, pod).put({ offset, text })));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      offset = texts[answers.findIndex(({ status }) => status === 200)]!.length + offset;
      for (const answer of answers) expect(answer.at("/length")).toBe(offset);
    }
  });

  it("follow on the one what is written through the other", async () => {
    const pod = await aPod("followed");
    await via(0, pod).put({ stream: "log", text: "one\n" });
    const followed = ask.map((one) => one("GET /v1/tasks/followed/logs?follow=true"));
    await via(1, pod).put({ stream: "log", offset: 4, text: "two\n" });
    await via(0, pod).put({ stream: "log", offset: 8, text: "three\n", last: true });
    await setPhase(stack, pod, "Succeeded");
    await endTask(stack, pod.task, { type: "Complete", reason: "Trained" });
    for (const answer of await Promise.all(followed)) expect(answer.text).toBe("one\ntwo\nthree\n");
  });

  it("both follow a container's log, and keep each line once", async () => {
    const pod = await aPod("container", { trainer: { container: { image: "busybox" } }, dataset: undefined });
    await setPhase(stack, pod, "Running");
    const logs = (): Promise<Answer[]> => Promise.all(ask.map((one) => one("GET /v1/tasks/container/logs")));
    await until(async () => (await logs()).every(({ text }) => text.includes("line 20 ")));
    await setPhase(stack, pod, "Succeeded");
    await endTask(stack, pod.task, { type: "Complete", reason: "Trained" });
    await until(async () => (await ask[0]!("GET /v1/tasks/container")).at("/status/logStored") === true);
    for (const { text } of await logs()) expect(text).toBe(lines.join(""));
  });

  it("make one task of a request that comes twice with one key, to both", async () => {
    const spec = { trainer: { randomForest: {} }, dataset: { synthetic: { kind: "uniform" } } };
    const twice = ask.map((one) =>
      one("POST /v1/tasks", { headers: { "idempotency-key": "once" }, body: { metadata: {}, spec } }),
    );
    const [first, second] = (await Promise.all(twice)).map((answer) => answer.at("/metadata/uid"));
    expect(first).toEqual(expect.any(String));
    expect(second).toBe(first);
  });

  it("know each other's datasets", async () => {
    const headers = { "content-type": "text/csv" };
    const made = await Promise.all(ask.map((one) => one("PUT /v1/datasets", { headers, body: "a,b\n1,2\n" })));
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    for (const one of ask) expect((await one("GET /v1/datasets")).at("/items")).toHaveLength(1);
    const { status } = await ask[1]!(`DELETE /v1/datasets/${String(made[0]?.at("/digest"))}`);
    expect(status).toBe(204);
    for (const one of ask) expect((await one("GET /v1/datasets")).at("/items")).toEqual([]);
  });
}

async function setPhase({ client }: Stack, { pod, job }: TestPod, phase: string): Promise<void> {
  const key = (object: KubeObject): { namespace: string; name: string } => ({
    namespace: "default",
    name: object.metadata?.name ?? "",
  });
  await client.patchStatus(pods, key(pod), { body: { status: { phase } } });
  const running = phase === "Running" ? 1 : 0;
  await client.patchStatus(jobs, key(job), { body: { status: { active: running, ready: running } } });
}
