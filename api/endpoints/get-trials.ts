/**
 * `GET /v1/tasks/{name}/trials`: every pipeline that a search has tried so far, as JSON Lines or, with `?format=csv` or to
 * those who accept nothing but CSV, as a table. While the task runs, each trial is there as soon as it has ended.
 */
import type { Request, RequestHandler } from "express";
import * as z from "zod";
import { modelLines } from "../../model/lines.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import type { Part } from "../artifacts/store.ts";
import { inPieces } from "../in-pieces.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { sendBytes } from "../send-bytes.ts";
import { getTrainTask } from "../task-access.ts";
import { trialsCsv } from "../trials-csv.ts";

const types = { jsonl: "application/jsonl", csv: "text/csv" } as const;
const formats = ["jsonl", "csv"] as const;

export const getTrialsQuery = taskQuery.extend({
  format: z
    .enum(formats, { error: `a format is ${formats.join(" or ")}` })
    .optional()
    .describe("Default: what Accept asks for, else `jsonl`"),
});

export function getTrials(api: Pick<Api, "client" | "artifacts">): RequestHandler {
  return async (request, response) => {
    const { namespace, format = accepted(request) } = readQuery(request, getTrialsQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    if (task.spec.trainer.search === undefined) throw new Problem({ status: 404, detail: whyNone(task) });
    const part: Part = { task: task.metadata.uid, stream: "trials", name: "0" };
    const { length } = await api.artifacts.state(part);
    response.vary("Accept");
    response.setHeader("content-type", types[format]);
    if (format === "jsonl") response.set("content-length", String(length));
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    const stored = api.artifacts.read(part, { to: length });
    await sendBytes(response, format === "jsonl" ? stored : inPieces(trialsCsv(modelLines(stored))));
  };
}

function accepted(request: Request): (typeof formats)[number] {
  return request.accepts(Object.values(types)) === types.csv ? "csv" : "jsonl";
}

function whyNone({ metadata: { name }, spec: { trainer } }: TrainTask): string {
  const [kind = ""] = Object.keys(trainer);
  return `Task ${name} is no search but trains with ${kind}: it tries nothing, so there are no trials.`;
}
