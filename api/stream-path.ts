/** Which part of a task's artifacts the path of a stream call names, and whether the pod that asks may use it. */
import type { Request } from "express";
import { streams } from "../traintask/contract.ts";
import type { Stream } from "../traintask/contract.ts";
import type { Part } from "./artifacts/store.ts";
import { podPartName } from "./artifacts/pod-part.ts";
import type { PodIdentity } from "./fence.ts";
import { Problem } from "./problem.ts";
import { pathVariable } from "./query.ts";
import { reportPart } from "./sealing/seal.ts";

interface StreamPath {
  readonly stream: Stream;
  readonly shard: number;
}

/** @throws Problem 404 for a stream that does not exist, 400 for a shard that is not one of the task */
function streamPath(request: Request, { task }: PodIdentity): StreamPath {
  const name = pathVariable(request, "stream");
  const stream = streams.find((one) => one === name);
  if (stream === undefined)
    throw new Problem({
      status: 404,
      detail: `There is no stream "${name.slice(0, 50)}"; there are ${streams.join(", ")}.`,
    });
  const text = pathVariable(request, "shard");
  const shard = Number(text);
  if (!/^(0|[1-9][0-9]{0,3})$/.test(text) || shard >= task.spec.shards)
    throw new Problem({
      status: 400,
      detail: `The task has the shards 0 to ${task.spec.shards - 1}.`,
      errors: [{ parameter: "shard", detail: "no such shard" }],
    });
  return { stream, shard };
}

/** The part that a pod may read: any shard of its own task, its own log, and of a container its own model. */
export function readablePart(request: Request, pod: PodIdentity): Part {
  const { stream, shard } = streamPath(request, pod);
  const isPods = stream === "log" || pod.task.spec.trainer.container !== undefined;
  return { task: pod.task.metadata.uid, stream, name: isPods ? podPartName(pod) : String(shard) };
}

/**
 * The part that a pod may write: its own shard. The report is the task's, whichever pod makes it: part 0.
 * @throws Problem 403
 */
export function ownPart(request: Request, pod: PodIdentity): Part {
  const { stream, shard } = streamPath(request, pod);
  if (stream === "trials" && pod.task.spec.trainer.search === undefined)
    throw new Problem({ status: 403, detail: "Only a search stores trials." });
  const own = stream === "report" ? Number(reportPart) : pod.shard;
  if (shard !== own)
    throw new Problem({ status: 403, detail: `This pod writes shard ${own} of the ${stream}, not shard ${shard}.` });
  if (pod.task.spec.trainer.container === undefined) return readablePart(request, pod);
  if (stream === "model") return containerModel(pod);
  throw new Problem({
    status: 403,
    detail: `Only built-in trainers store a ${stream}: the log of a container is read from its pod.`,
  });
}

/**
 * The part of a container's model: a pod of its own each, so that what an earlier pod left half done is in nobody's way.
 * @throws Problem 403
 */
export function containerModel(pod: PodIdentity): Part {
  const { metadata, spec } = pod.task;
  if (spec.trainer.container?.model === undefined)
    throw new Problem({
      status: 403,
      detail: "The task announces no model: give its media type as spec.trainer.container.model.mediaType.",
    });
  return { task: metadata.uid, stream: "model", name: podPartName(pod) };
}
