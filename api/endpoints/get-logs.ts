/** `GET /v1/tasks/{name}/logs?follow=&attempt=`: one address, while the pod runs and after it is gone. */
import type { RequestHandler } from "express";
import { z } from "zod";
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
});

type Needs = Pick<Api, "artifacts" | "cache" | "client" | "clock" | "notices" | "signal">;

export function getLogs(api: Needs): RequestHandler {
  return async (request, response) => {
    const { namespace, follow, attempt } = readQuery(request, getLogsQuery);
    const task = await getTrainTask(api, taskKey(request, namespace));
    const range = await rangeOf(api, task, attempt);
    if (!follow && (await logParts(api, range)).length === 0) throw noLog(task, attempt);
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

async function rangeOf(api: Needs, task: TrainTask, attempt: number | undefined): Promise<LogRange> {
  const { uid } = task.metadata;
  if (attempt !== undefined) return { uid, from: attempt, to: attempt };
  const attempts = (await api.artifacts.parts(uid, "log")).map(({ name }) => parsePodPartName(name).attempt);
  return { uid, from: Math.max(0, ...attempts), to: Infinity };
}

function noLog(task: TrainTask, attempt: number | undefined): Problem {
  const { name } = task.metadata;
  const detail =
    attempt === undefined
      ? `Task ${name} has no log yet: no pod of it has begun to write.`
      : `Task ${name} has no log of attempt ${attempt}.`;
  return new Problem({ status: 404, detail });
}
