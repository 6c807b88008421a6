/**
 * The API's pods are replaced while people ask and a pod trains: several of them on a bucket, where nobody may notice, and the
 * one on a volume that has one writer, where there is a gap, which is measured, and nothing is lost.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bucketIsAtHand, credentials, skipped, startBucket } from "../artifacts/bucket.ts";
import type { Bucket } from "../artifacts/bucket.ts";
import { chart } from "../chart/helm.ts";
import { command } from "../cluster/command.ts";
import { addresses } from "../cluster/layout.ts";
import { cannotInstall, helm, imageValues, isDisposable, kubectl, unlessDisposable } from "./administrator.ts";
import { aScene } from "./fault-scene.ts";
import type { Scene } from "./fault-scene.ts";
import { theRelease } from "./release.ts";
import { callSteadily } from "./steady-callers.ts";

const timeout = 300_000;
const isInNetwork = process.env["TRAINTASK_IN_NETWORK"] !== undefined;
const cannot = cannotInstall || !isDisposable || !isInNetwork || !bucketIsAtHand;
const unless = !isInNetwork
  ? " (skipped: needs a node of this machine, whose Services it can reach)"
  : unlessDisposable === ""
    ? skipped
    : unlessDisposable;

const inRelease = ["--namespace", "traintask"];
const aForest = { trainer: { randomForest: { nEstimators: 1500, minSamplesLeaf: 10 } } };

/** Replaces each pod of the API by another one. */
async function replaceTheApi(): Promise<void> {
  kubectl("rollout", "restart", "deployment/traintask-api", ...inRelease);
  const line = ["kubectl", "rollout", "status", "deployment/traintask-api", ...inRelease, "--timeout=3m"] as const;
  await command([...line], { timeoutMs: 200_000 });
}

const podsOfTheApi = (): string[] =>
  kubectl("get", "pods", ...inRelease, "-l", "app.kubernetes.io/component=api", "-o", "name").split("\n");

describe.skipIf(cannot)(`an API that is replaced while people ask and a pod trains${unless}`, { timeout }, () => {
  let scene: Scene;
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await startBucket({ host: addresses.node });
    scene = await aScene("replicas", { release: await theRelease(), maxRunning: 4 });
  }, timeout);
  afterAll(async () => {
    await scene.leave();
    await scene.release.leave();
    await bucket.close();
  }, timeout);

  /** Who asks for a task, its log and the counts. */
  const people = (task: string): ReturnType<typeof callSteadily> => {
    const paths = [`/v1/tasks/${task}`, "/v1/counts", `/v1/tasks/${task}/logs`, "/v1/tasks"];
    return callSteadily({ namespace: scene.namespace, token: scene.token, paths });
  };
  const logOf = async (task: string): Promise<string> => {
    const path = `/v1/tasks/${task}/logs?namespace=${scene.namespace}`;
    return (await scene.release.call(path, {}, { token: scene.token })).text();
  };

  it("on a volume with one writer is away for a few seconds, and the pod that trains loses nothing", async () => {
    await scene.submit("volume", aForest);
    await scene.untilUnderWay("volume");
    await expect.poll(() => logOf("volume"), { timeout: 60_000 }).not.toBe("");
    const callers = people("volume");
    const [old] = podsOfTheApi();
    await replaceTheApi();
    await expect.poll(podsOfTheApi, { timeout: 60_000 }).not.toContain(old);
    const { answered } = callers;
    await expect.poll(() => callers.answered, { timeout: 60_000 }).toBeGreaterThan(answered + 50);
    await callers.stop();
    console.log(`the API on a volume with one writer: ${callers.longestGap.toFixed(1)} s without an answer`);
    expect(callers.longestGap).toBeLessThan(60);
    const { status } = await scene.untilTrained("volume", aForest);
    expect([status?.attempt, status?.retries ?? 0]).toEqual([1, 0]);
  });

  it("in two pods on a bucket is replaced by a rolling update that fails no request, of nobody", async () => {
    const { accessKeyId, secretAccessKey } = credentials;
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    await scene.release.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "bucket-keys", namespace: "traintask" },
      stringData: keys,
    });
    const { bucket: name, endpoint, forcePathStyle } = bucket.settings;
    const s3 = { bucket: name, prefix: randomUUID(), endpoint, forcePathStyle, existingSecret: "bucket-keys" };
    const options = [...inRelease, "--wait", "--timeout", "3m", "--values", "-"];
    const values = { ...imageValues(), api: { replicas: 2 }, persistence: { s3 } };
    await helm(["upgrade", "traintask", chart, ...options], values);

    await scene.submit("bucket", aForest);
    await scene.untilUnderWay("bucket");
    await expect.poll(() => logOf("bucket"), { timeout: 60_000 }).not.toBe("");
    const callers = people("bucket");
    const old = podsOfTheApi();
    expect(old).toHaveLength(2);
    await replaceTheApi();
    await expect.poll(() => podsOfTheApi().filter((pod) => old.includes(pod)), { timeout: 90_000 }).toEqual([]);
    await callers.stop();
    console.log(`two API pods on a bucket: ${callers.answered} calls answered while both were replaced`);
    expect(callers.failures).toEqual([]);
    expect(callers.answered).toBeGreaterThan(100);

    const { status } = await scene.untilTrained("bucket", aForest);
    expect([status?.attempt, status?.retries ?? 0]).toEqual([1, 0]);
    // The trainer says so when a call of its own has failed.
    expect(await logOf("bucket")).not.toMatch(/cannot be reached|trying again/i);
  });

  it("writes no key of its bucket into its log", () => {
    const log = kubectl("logs", ...inRelease, "-l", "app.kubernetes.io/component=api", "--tail=-1");
    expect(log).toContain("the API is open");
    expect(log).not.toContain(credentials.secretAccessKey);
  });
});
