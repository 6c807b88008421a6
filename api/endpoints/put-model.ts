/**
 * `PUT /v1/tasks/{name}/model`: a container's pod uploads the model that its task announces, whole, with any HTTP
 * client. The bytes go into the pod's own part in chunks that depend on them alone, so that the same upload again goes
 * over the same chunks, whether it had come to its end or broke off; a part that is not done counts for nothing.
 */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { maxChunkBytes } from "../../traintask/contract.ts";
import type { Api } from "../api.ts";
import { append } from "../append.ts";
import { OffsetError } from "../artifacts/store.ts";
import type { Chunk, Part, PartState } from "../artifacts/store.ts";
import { bearerOf } from "../bearer.ts";
import { bodyPieces } from "../body.ts";
import { contentDigest, wrongDigest } from "../content-digest.ts";
import { Problem } from "../problem.ts";
import { readQuery, taskKey, taskQuery } from "../query.ts";
import { containerModel } from "../stream-path.ts";

const idleMs = 30_000;

type Needs = Pick<Api, "artifacts" | "clock" | "fence" | "settings">;

export function putModel(api: Needs): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, taskQuery);
    const part = containerModel(await api.fence.admit(bearerOf(request), taskKey(request, namespace)));
    response.json(await store(api, part, request));
  };
}

interface StoredModel {
  readonly digest: string;
  readonly sizeBytes: number;
}

async function store(api: Needs, part: Part, request: Request): Promise<StoredModel> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let held: Buffer | undefined;
  for await (const bytes of inChunks(modelPieces(api, request), maxChunkBytes)) {
    if (held !== undefined) await put(api, part, { offset: sizeBytes - held.length, bytes: held, last: false });
    held = bytes;
    hash.update(bytes);
    sizeBytes += bytes.length;
  }
  if (held === undefined)
    throw new Problem({ status: 400, detail: "The body is empty: a model has at least one byte." });
  const digest = hash.digest();
  // Only now that the whole body is there and as it was meant to be does the last chunk make the part count.
  if ((contentDigest(request) ?? digest.toString("base64")) !== digest.toString("base64"))
    throw wrongDigest("The body does not have the digest that came with it. Send it again.");
  const state = await put(api, part, { offset: sizeBytes - held.length, bytes: held, last: true });
  if (!state.done || state.length !== sizeBytes) throw otherModel(state.length);
  return { digest: `sha256:${digest.toString("hex")}`, sizeBytes };
}

/** @throws Problem 413 */
async function* modelPieces({ clock, settings }: Needs, request: Request): AsyncGenerator<Buffer> {
  const { maxModelBytes: maxBytes } = settings;
  try {
    yield* bodyPieces(request, { maxBytes, idleMs, clock });
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.status !== 413) throw cause;
    throw new Problem({
      status: 413,
      detail:
        `The model is larger than the ${maxBytes} bytes that are stored of one: upload a smaller one (compressed, or ` +
        "without what prediction does not need), or have the limit raised (maxModelBytes).",
      cause,
    });
  }
}

/** The same bytes in pieces of `size`, the last one smaller. */
async function* inChunks(pieces: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    while (length >= size) {
      const all = Buffer.concat(held);
      yield all.subarray(0, size);
      held = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}

async function put(api: Needs, part: Part, chunk: Chunk): Promise<PartState> {
  try {
    return await append(api, part, chunk);
  } catch (error) {
    if (error instanceof Problem && error.cause instanceof OffsetError) throw otherModel(error.cause.length);
    throw error;
  }
}

function otherModel(length: number): Problem {
  return new Problem({
    status: 409,
    detail:
      `This pod has uploaded ${length} bytes of another model already. What is uploaded does not change: send the same ` +
      "bytes again, or end with an exit code other than 0, so that another pod begins anew.",
    extra: { length },
  });
}
