/**
 * `PUT /v1/tasks/{name}/streams/{stream}/{shard}?offset=&last=`: a pod stores a chunk of its model, trials, report or log. The
 * answer comes when the chunk is durable; the same chunk again is answered alike. A chunk is held while it is stored, so
 * one that is much longer than others, a single line of a model, waits for its turn before any of it is read.
 */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import * as z from "zod";
import { maxChunkBytes, maxLineBytes } from "../../traintask/contract.ts";
import type { ChunkAnswer } from "../../traintask/chunk-answer.ts";
import { trialSchema } from "../../traintask/trials.ts";
import type { Api } from "../api.ts";
import { remembered } from "../access/remembered.ts";
import { append } from "../append.ts";
import { isPodPart } from "../artifacts/pod-part.ts";
import type { Chunk, Part, PartState } from "../artifacts/store.ts";
import { bearerOf } from "../bearer.ts";
import { readBody } from "../body.ts";
import { contentDigest, wrongDigest } from "../content-digest.ts";
import { parseJson } from "../json-text.ts";
import { Problem } from "../problem.ts";
import { turns } from "../predict/turns.ts";
import { booleanParameter, integerParameter, namespaceParameter, readQuery, taskKey } from "../query.ts";
import { ownPart } from "../stream-path.ts";

export const putChunkQuery = z.strictObject({
  namespace: namespaceParameter,
  offset: integerParameter({ min: 0, max: Number.MAX_SAFE_INTEGER }).describe(
    "Where the chunk begins: the stream's length so far",
  ),
  last: booleanParameter.default(false).describe("Whether this is the last chunk (it may be empty)"),
});

type Needs = Pick<Api, "artifacts" | "clock" | "fence" | "notices" | "sealing" | "settings">;

interface PartOfTask {
  readonly part: Part;
  /** How many parts the stream has: of one, nothing needs to be looked up in the store. */
  readonly shards: number;
}

/** Bytes of a chunk that is read at once. */
const usualBytes = 2 * maxChunkBytes;
/** Long chunks that may wait. Each is a pod with a tree of a million rows. */
const maxWaiting = 64;

type NamedParts = readonly (PartState & { readonly name: string })[];

/** How long what was seen of the other shards is good enough, in milliseconds: a look costs one list for each of them. */
const keepMs = (parts: NamedParts): number => Math.max(1000, 20 * parts.length);

export function putChunk(needs: Needs): RequestHandler {
  const seen = remembered<NamedParts>({ clock: needs.clock, maxEntries: 1000, keepMs });
  const others: Others = ({ part }) => seen(part.task, () => needs.artifacts.parts(part.task, part.stream));
  const api: Looks = { ...needs, others };
  const inTurn = turns();
  let waiting = 0;
  return async (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) <= usualBytes) {
      response.json(await store(api, request, usualBytes));
      return;
    }
    // Nobody but a pod with such a line takes up a turn.
    const { part } = await partOf(api, request);
    if (part.stream !== "model" || isPodPart(part.name)) throw tooLong(part, usualBytes);
    if (waiting >= maxWaiting)
      throw new Problem({
        status: 503,
        detail: "Too many long lines wait to be stored. Send it again.",
        headers: { "retry-after": "1" },
      });
    waiting += 1;
    try {
      response.json(await inTurn("long", () => store(api, request, maxLineBytes)));
    } finally {
      waiting -= 1;
    }
  };
}

async function partOf({ fence }: Needs, request: Request): Promise<PartOfTask> {
  const { namespace } = readQuery(request, putChunkQuery);
  const pod = await fence.admit(bearerOf(request), taskKey(request, namespace));
  const part = ownPart(request, pod);
  return { part, shards: part.stream === "report" ? 1 : pod.task.spec.shards };
}

async function store(api: Looks, request: Request, maxBytes: number): Promise<ChunkAnswer> {
  const { offset, last } = readQuery(request, putChunkQuery);
  const one = await partOf(api, request);
  const { part } = one;
  const bytes = await readBody(request, { maxBytes, idleMs: 10_000, totalMs: 60_000, clock: api.clock });
  checkDigest(request, bytes);
  if (!isPodPart(part.name)) checkLines(part, bytes);
  await checkRoom(api, one, { offset, bytes, last });
  const state = await append(api, part, { offset, bytes, last });
  api.notices.stored(part.task);
  if (state.done && part.stream !== "log") api.sealing.look(part.task);
  return { length: state.length, open: await openShards(api, one, state) };
}

function tooLong({ stream }: Part, bytes: number): Problem {
  return new Problem({ status: 413, detail: `A chunk of the ${stream} has at most ${bytes} bytes.` });
}

function checkDigest(request: Request, bytes: Buffer): void {
  const digest = contentDigest(request);
  if (digest === undefined) throw wrongDigest("A chunk comes with its digest.");
  if (digest !== createHash("sha256").update(bytes).digest("base64"))
    throw wrongDigest("The chunk does not have the digest that came with it.");
}

function checkLines(part: Part, bytes: Buffer): void {
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a)
    throw new Problem({
      status: 400,
      detail: `A chunk of the ${part.stream} is made of whole lines: it ends with a newline.`,
    });
  if (part.stream === "trials") checkTrials(bytes);
  if (bytes.length > usualBytes && bytes.indexOf(0x0a) < bytes.length - 1)
    throw new Problem({ status: 400, detail: `A chunk of more than ${usualBytes} bytes is a single line.` });
}

/** So that whoever reads them finds trials and nothing else. @throws Problem 400 */
function checkTrials(bytes: Buffer): void {
  for (const [index, line] of bytes.toString().split("\n").slice(0, -1).entries()) {
    const result = trialSchema.safeParse(parseJson(line));
    if (result.success) continue;
    const [issue] = result.error.issues;
    const where = `line ${index + 1}, ${issue?.path.join(".") ?? ""}`;
    throw new Problem({ status: 400, detail: `A chunk of the trials is a trial a line: ${where}: ${issue?.message}.` });
  }
}

/** The parts of a model's stream as they were a moment ago: none of them is shorter now, and what was done still is. */
type Others = (one: PartOfTask) => Promise<NamedParts>;
type Looks = Needs & { readonly others: Others };

/** @throws Problem 413 when the stream would grow beyond its limit, 409 when the model is sealed */
async function checkRoom(api: Looks, one: PartOfTask, chunk: Chunk): Promise<void> {
  const { part, shards } = one;
  const { settings, artifacts } = api;
  const { maxModelBytes, maxTrialsBytes, maxReportBytes, maxLogBytes } = settings;
  const limit = { model: maxModelBytes, trials: maxTrialsBytes, report: maxReportBytes, log: maxLogBytes }[part.stream];
  const stored = part.stream === "model" && shards > 1 ? await api.others(one) : [];
  const others = stored.filter(({ name }) => name !== part.name && !isPodPart(name));
  const size = others.reduce((sum, { length }) => sum + length, chunk.offset + chunk.bytes.length);
  if (size > limit)
    throw new Problem({
      status: 413,
      detail: `The ${part.stream} would have ${size} bytes; at most ${limit} are kept.`,
    });
  if (part.stream !== "model" || (await artifacts.sealOf(part.task)) === undefined) return;
  const { length } = await artifacts.state(part);
  if (chunk.offset + chunk.bytes.length > length)
    throw new Problem({ status: 409, detail: "The model is sealed: nothing can be added to it.", extra: { length } });
}

/** Exact for a part that is done, because whoever finds all done makes the report; else one too many may be named. */
async function openShards({ artifacts, others }: Looks, one: PartOfTask, { done }: PartState): Promise<number[]> {
  const { part, shards } = one;
  if (part.stream === "log") return [];
  if (shards === 1 || isPodPart(part.name)) return done ? [] : [0];
  const stored = done ? await artifacts.parts(part.task, part.stream) : await others(one);
  const closed = new Set(stored.filter((one) => one.done).map((one) => Number(one.name)));
  return Array.from({ length: shards }, (_, shard) => shard).filter((shard) => !closed.has(shard));
}
