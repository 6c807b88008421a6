/** A bucket that fails in every way that is known of buckets: nothing is half there, nothing twice, and no wait is endless. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bucketIsAtHand, credentials, skipped, startBucket } from "../../test/artifacts/bucket.ts";
import type { Bucket } from "../../test/artifacts/bucket.ts";
import { faultyDoor } from "../../test/artifacts/faulty-door.ts";
import type { Fault, FaultyDoor } from "../../test/artifacts/faulty-door.ts";
import { artifactStore } from "./artifact-store.ts";
import { StoreUnavailableError, UnsuitableStoreError } from "./objects.ts";
import type { Objects } from "./objects.ts";
import { s3Objects } from "./s3-objects.ts";
import type { S3Settings } from "./s3-objects.ts";
import { OffsetError } from "./store.ts";
import type { ArtifactStore } from "./store.ts";

const passing: Readonly<Record<string, Fault>> = {
  "answers 500": { answer: 500 },
  "answers 503 SlowDown": { answer: 503, code: "SlowDown" },
  "resets before it has done anything": { reset: "before" },
  "resets after it has done it": { reset: "after" },
};
const one = Buffer.from("one\n");
const part = { task: "uid-1", stream: "model", name: "0" } as const;

describe.skipIf(!bucketIsAtHand)(`a bucket that${skipped}`, { timeout: 120_000 }, () => {
  let bucket: Bucket;
  let door: FaultyDoor;
  let settings: S3Settings;
  let objects: Objects;
  let store: ArtifactStore;
  beforeAll(async () => {
    bucket = await startBucket();
    door = await faultyDoor(bucket.url);
  });
  afterAll(async () => {
    await door.close();
    await bucket.close();
  });
  beforeEach(async () => {
    door.next("", []);
    settings = { ...bucket.settings, endpoint: door.url, prefix: `${randomUUID()}/` };
    objects = await s3Objects(settings);
    store = artifactStore(objects);
  });

  it.each(Object.entries(passing))("%s once stores a chunk all the same, once", async (_, fault) => {
    door.next("PUT", [fault]);
    expect(await store.append(part, { offset: 0, bytes: one, last: false })).toEqual({ length: 4, done: false });
    expect(door.asked).toBe(2);
    door.next("PUT", [fault, fault]);
    expect(await store.append(part, { offset: 4, bytes: one, last: true })).toEqual({ length: 8, done: true });
    expect(await store.parts("uid-1", "model")).toEqual([{ name: "0", length: 8, done: true }]);
  });

  it("resets after it has done it does not let another chunk be taken for ours", async () => {
    await store.append(part, { offset: 0, bytes: one, last: false });
    door.next("PUT", [{ reset: "after" }]);
    const writers = ["two\n", "TWO\n"].map((text) =>
      store.append(part, { offset: 4, bytes: Buffer.from(text), last: false }),
    );
    const results = await Promise.allSettled(writers);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected")!;
    expect([refused.reason instanceof OffsetError, (refused.reason as OffsetError).length]).toEqual([true, 8]);
  });

  it("asks a price for each request gets two for a chunk, however long the part is", async () => {
    for (let offset = 0; offset < 40; offset += 4) {
      const before = door.all;
      await store.append(part, { offset, bytes: one, last: false });
      expect(door.all - before).toBe(2);
    }
    const before = door.all;
    expect(await artifactStore(objects).state(part)).toEqual({ length: 40, done: false });
    expect(door.all - before).toBe(1);
  });

  it("answers 409 while two create the same is asked again", async () => {
    door.next("PUT", [{ answer: 409, code: "ConditionalRequestConflict" }]);
    expect(await objects.create("a", one)).toBe(true);
    door.next("PUT", [{ answer: 409, code: "ConditionalRequestConflict" }]);
    expect(await objects.create("a", one)).toBe(false);
  });

  it("breaks off in the middle of an object is asked for it again", async () => {
    await objects.create("a", one);
    door.next("GET", [{ reset: "within" }, { reset: "within" }]);
    expect(Buffer.from((await objects.get("a"))!).toString()).toBe("one\n");
    expect(door.asked).toBe(3);
  });

  const lasting: Readonly<Record<string, Fault>> = {
    ...passing,
    "breaks off in the middle": { reset: "within" },
    "refuses us": { answer: 403, code: "AccessDenied" },
  };
  it.each(Object.entries(lasting))("%s forever is given up after a few attempts", async (_, fault) => {
    await objects.create("a", one);
    for (const [method, ask] of [
      ["GET", () => objects.get("a")],
      ["PUT", () => objects.replace("b", "x")],
    ] as const) {
      if (method === "PUT" && "reset" in fault && fault.reset === "within") continue;
      door.next(method, [], fault);
      await expect(ask()).rejects.toThrow(StoreUnavailableError);
      expect(door.asked).toBeLessThanOrEqual(4);
    }
  });

  it("does not answer at all is given up in bounded time, and nothing is half there", async () => {
    const quick = artifactStore(await s3Objects(settings, { requestMs: 300 }));
    door.next("PUT", [], { silent: true });
    await expect(quick.append(part, { offset: 0, bytes: one, last: false })).rejects.toThrow(StoreUnavailableError);
    door.next("", []);
    expect(await quick.state(part)).toEqual({ length: 0, done: false });
    expect(await quick.append(part, { offset: 0, bytes: one, last: false })).toEqual({ length: 4, done: false });
  });

  it("cannot be used is refused at the start with its name and the reason, without a secret", async () => {
    const wrong = s3Objects({ ...settings, bucket: "elsewhere" });
    await expect(wrong).rejects.toThrow(UnsuitableStoreError);
    await expect(wrong).rejects.toThrow(/bucket elsewhere cannot be used: .*NoSuchBucket/);
    process.env["AWS_SECRET_ACCESS_KEY"] = "another-secret";
    const error: unknown = await s3Objects(settings).catch((reason: unknown) => reason);
    process.env["AWS_SECRET_ACCESS_KEY"] = credentials.secretAccessKey;
    expect(error).toBeInstanceOf(UnsuitableStoreError);
    expect(String(error)).not.toContain("another-secret");
  });

  it("ignores that an object is to be created only where there is none is refused at the start", async () => {
    door.next("PUT", [], { answer: 200 });
    await expect(s3Objects(settings)).rejects.toThrow(/If-None-Match/);
  });
});
