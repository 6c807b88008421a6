/** The task of examples/07-big-csv names the very bytes that its script writes: a million rows take some seconds. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parcels } from "../examples/07-big-csv/make-csv.ts";

it("the digest in examples/07-big-csv/task.yaml is that of a million rows", () => {
  const digest = createHash("sha256");
  for (const text of parcels(1_000_000)) digest.update(text);
  const task = readFileSync(path.join(import.meta.dirname, "../examples/07-big-csv/task.yaml"), "utf8");
  expect(task).toContain(`uri: traintask://datasets/sha256:${digest.digest("hex")}`);
});
