/** The tests of the bucket in the run that builds an S3 server for them, where none of them may be skipped. */
import { expect, it } from "vitest";
import { bucketIsAtHand } from "../../test/artifacts/bucket.ts";
import "./s3-faults.test.ts";
import "./s3-objects.test.ts";

it("there is an S3 server", () => {
  expect(bucketIsAtHand).toBe(true);
});
