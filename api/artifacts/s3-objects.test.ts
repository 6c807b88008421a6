/** The bucket is real: versitygw over a folder of this machine. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bucketIsAtHand, skipped, startBucket } from "../../test/artifacts/bucket.ts";
import type { Bucket } from "../../test/artifacts/bucket.ts";
import { datasetsSuite } from "../../test/artifacts/datasets-suite.ts";
import { objectsSuite } from "../../test/artifacts/objects-suite.ts";
import { storeSuite } from "../../test/artifacts/store-suite.ts";
import type { Objects } from "./objects.ts";
import { s3Objects } from "./s3-objects.ts";

describe.skipIf(!bucketIsAtHand)(`in a bucket${skipped}`, { timeout: 120_000 }, () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await startBucket();
  });
  afterAll(() => bucket.close());

  const open = async (): Promise<{ objects: Objects; again: () => Promise<Objects> }> => {
    const settings = { ...bucket.settings, prefix: `${randomUUID()}/` };
    return { objects: await s3Objects(settings), again: () => s3Objects(settings) };
  };
  describe("objects", () => objectsSuite(open));
  describe("datasets", () => datasetsSuite(open));
  describe("artifacts", () => storeSuite({ open, tickMs: 1100, histories: 10 }));

  it("two prefixes do not see each other", async () => {
    const [one, other] = [(await open()).objects, (await open()).objects];
    await one.create("tasks/a/x", Buffer.from("x"));
    expect(await one.folders("tasks")).toEqual(["a"]);
    expect(await other.folders("tasks")).toEqual([]);
  });
});
