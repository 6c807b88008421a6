/** `GET /v1/tasks/{name}/logs?follow=&attempt=&shard=`: one address, while the pods run and after they are gone. */
import type { RequestHandler } from "express";
import * as z from "zod";
import type { TrainTask } from "../../traintask/task.ts";
import type { Api } from "../api.ts";
import { followLog, logParts, readLog } from "../logs/read-log.ts";
import type { LogRange } from "../logs/read-log.ts";
import { Problem } from "../problem.ts";
import { booleanParameter, integerParameter, namespaceParameter, readQuery, taskKey } from "../query.ts";
import { parsePodPartName } from "../artifacts/pod-part.ts";
import { sendBytes } from "../send-bytes.ts";
import { getTrainTask } from "../task-access.ts";

export const getLogsQuery = z.strictObject({
  namespace: namespaceParameter,
  follow: booleanParameter.default(false).describe("Whether to go on as the log grows, until the task has ended"),
  attempt: integerParameter({ min: 1, max: 1_000_000 })
    .optional()
    .describe("Default: the latest, and with follow those after it"),
  shard: integerParameter({ min: 0, max: 999 })
    .optional()
    .describe("Default: all shards of the task; where it has several, lines between their logs say whose it is"),
});

type Needs = Pick<Api, "artifacts" | "cache" | "client" | "clock" | "notices" | "signal">;

export function getLogs(api: Needs): RequestHandler {
  return async (request, response) => {
    const { namespace, follow, attempt, shard } = readQuery(request, getLogsQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const range: LogRange = { ...(await attemptsOf(api, task, attempt)), ...shardsOf(task, shard) };
    if (!follow && (await logParts(api, range)).length === 0) throw noLog(task, { attempt, shard });
    response.type("text/plain; charset=utf-8").set("x-accel-buffering", "no");
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    if (follow) response.flushHeaders();
    const signal = AbortSignal.any([api.signal, gone.signal]);
    await sendBytes(response, follow ? followLog(api, range, signal) : readLog(api, range));
  };
}

type Attempts = Pick<LogRange, "uid" | "from" | "to">;

async function attemptsOf(api: Needs, task: TrainTask, attempt: number | undefined): Promise<Attempts> {
  const { uid } = task.metadata;
  if (attempt !== undefined) return { uid, from: attempt, to: attempt };
  const attempts = (await api.artifacts.parts(uid, "log")).map(({ name }) => parsePodPartName(name).attempt);
  return { uid, from: Math.max(0, ...attempts), to: Infinity };
}

/** @throws Problem 400 for a shard that the task does not have */
function shardsOf({ spec }: TrainTask, shard: number | undefined): Pick<LogRange, "shard" | "headings"> {
  if (shard === undefined) return { headings: spec.shards > 1 ? "shards" : "none" };
  if (shard < spec.shards) return { shard, headings: "none" };
  throw new Problem({
    status: 400,
    detail: `The task has the shards 0 to ${spec.shards - 1}.`,
    errors: [{ parameter: "shard", detail: "no such shard" }],
  });
}

interface Wanted {
  readonly attempt: number | undefined;
  readonly shard: number | undefined;
}

function noLog({ metadata: { name } }: TrainTask, { attempt, shard }: Wanted): Problem {
  const of = [
    ...(shard === undefined ? [] : [`of shard ${shard}`]),
    ...(attempt === undefined ? [] : [`of attempt ${attempt}`]),
  ].join(" ");
  const detail =
    attempt === undefined
      ? `Task ${name} has no log${of === "" ? "" : ` ${of}`} yet: no pod of it has begun to write.`
      : `Task ${name} has no log ${of}.`;
  return new Problem({ status: 404, detail });
}
