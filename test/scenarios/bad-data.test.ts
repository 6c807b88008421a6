/**
 * Tables that only the pod can judge: the task ends as Failed with class BadData and says where the data is wrong and
 * what to do. Trying again would find the same data, so nothing is tried again.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pods } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import { clusterClient, startSystem, submit, type System, taskIn } from "./system.ts";

interface BadTable {
  readonly csv: string;
  readonly dataset?: object;
  /** How the task's message begins: the row and the column, as far as it is one of them. */
  readonly says: string;
}

const tables: Readonly<Record<string, BadTable>> = {
  "a ragged row": { csv: "x,y\n1,a\n2\n3,b\n", says: "row 2 (line 3): 1 cells where the header names 2" },
  "a target that is not there": { csv: "x,z\n1,a\n2,b\n", says: 'Target: the data has no column "y"; it has "x", "z"' },
  "one class only": { csv: "x,y\n1,a\n2,a\n", says: 'column "y": Every row has the class "a"' },
  "a row without a target": {
    csv: "x,y\n1,a\n2,NA\n3,b\n",
    says: 'row 2 (line 3), column "y": The target has no value',
  },
  "columns without a single value": { csv: "x,y\n,a\nNaN,b\n", says: "No column is left to learn from" },
  "text in a column declared as numbers": {
    csv: "x,y\n1,a\nmany,b\n",
    dataset: { columns: [{ name: "x", type: "number" }] },
    says: 'row 2 (line 3), column "x": "many" is not a number',
  },
  "an infinite number": { csv: "x,y\n1,a\n2,b\n1e999,a\n", says: 'row 3 (line 4), column "x": "1e999" is an infinite' },
  "a column of dates": {
    csv: "x,day,y\n1,2026-01-31,a\n2,2026-02-01,b\n",
    says: 'column "day": The column holds dates',
  },
  "a negative weight": {
    csv: "x,w,y\n1,1,a\n2,-1,b\n",
    dataset: { weight: "w" },
    says: 'row 2 (line 3), column "w": "-1" is a negative weight',
  },
  "a quote that is never closed": { csv: 'x,y\n1,a\n"2,b\n', says: "row 2 (line 3): A quoted cell begins here" },
};

let system: System;
let cluster: ReturnType<typeof clusterClient>;
beforeAll(async () => {
  system = await startSystem();
  cluster = clusterClient(system);
});
afterAll(async () => {
  await cluster.close();
  await system.stop();
});

describe("a task ends as Failed BadData at its first attempt, and says where, for", () => {
  it.concurrent.each(Object.entries(tables))("%s", { timeout: 120_000 }, async (title, { csv, dataset, says }) => {
    const name = title.replaceAll(/[^a-z]+/g, "-");
    const spec = {
      trainer: { randomForest: { nEstimators: 2 } },
      dataset: { csv, target: "y", problemType: "classification", ...dataset },
    };
    await submit(system, { apiVersion: "traintask.dev/v1alpha1", kind: "TrainTask", metadata: { name }, spec });
    const { status } = await taskIn(system, name, { states: ["Failed", "Succeeded"], withinMs: 100_000 });
    expect(status).toMatchObject({ state: "Failed", attempt: 1, failure: { class: "BadData", attempt: 1 } });
    const labelSelector = `${labels.task}=${name}`;
    expect((await cluster.client.list(pods, { namespace: "default", labelSelector })).items).toHaveLength(1);
    expect(status.failure?.message.slice(0, says.length)).toBe(says);
  });
});
