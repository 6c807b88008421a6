/** Each example trains, and is as good as its page says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parcels } from "../../examples/07-big-csv/make-csv.ts";
import type { Report } from "../report.ts";
import { trainingRequest } from "../request.ts";
import { training } from "../training.ts";
import { readTaskFile } from "./task-file.ts";

const root = path.join(import.meta.dirname, "../../examples");
/** Those that bring a container are trained on a real cluster: test/release/container-examples.cluster.test.ts. */
const examples = readdirSync(root).filter(
  (name) => existsSync(path.join(root, name, "task.yaml")) && !existsSync(path.join(root, name, "Dockerfile")),
);
/** Those whose model is grown line by line. A search is run as its page says: test/scenarios/documents.test.ts. */
const grown = examples.filter((name) => !/^ +search:/m.test(readFileSync(path.join(root, name, "task.yaml"), "utf8")));
/** Least score on held-out rows. */
const least: Record<string, { metric: string; value: number }> = {
  "01-first-task": { metric: "accuracy", value: 0.93 },
  "02-regression": { metric: "r2", value: 0.4 },
  "06-boosting": { metric: "r2", value: 0.92 },
  "07-big-csv": { metric: "r2", value: 0.6 },
};

test.each(grown)("%s trains", { timeout: 120_000 }, async (name) => {
  const request = trainingRequest(await readTaskFile(path.join(root, name, "task.yaml")));
  const grower = training(request, { openDataset: () => parcels(1000) });
  const { indices, warnings } = await grower.prepare();
  const wanted = least[name];
  // An example that promises no score is only begun.
  for (const index of wanted === undefined ? indices.slice(0, 1) : indices) await grower.grow(index);
  const report = JSON.parse(await grower.report()) as Report;
  expect(warnings).toEqual([]);
  if (wanted === undefined) return;
  const score = report.heldOut?.metrics.find(({ name: metric }) => metric === wanted.metric)?.value;
  expect(score).toBeGreaterThanOrEqual(wanted.value);
});

test.each(examples)("%s has a page that names the file in its commands", (name) => {
  const page = readFileSync(path.join(root, name, "README.md"), "utf8");
  expect(page).toContain(`examples/${name}/task.yaml`);
});
