/**
 * `GET /v1/tasks/{name}/streams/{stream}/{shard}?offset=`: what is stored of a stream, from `offset` on; a pod resumes
 * from it. Its length and whether it is done stand in headers.
 */
import type { RequestHandler } from "express";
import * as z from "zod";
import { headers } from "../../traintask/contract.ts";
import type { Api } from "../api.ts";
import { bearerOf } from "../bearer.ts";
import { integerParameter, namespaceParameter, readQuery, taskKey } from "../query.ts";
import { sendBytes } from "../send-bytes.ts";
import { readablePart } from "../stream-path.ts";

export const getStreamQuery = z.strictObject({
  namespace: namespaceParameter,
  offset: integerParameter({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0).describe("First byte wanted"),
});

export function getStream(api: Pick<Api, "artifacts" | "fence">): RequestHandler {
  return async (request, response) => {
    const { namespace, offset } = readQuery(request, getStreamQuery);
    const part = readablePart(request, await api.fence.admit(bearerOf(request), taskKey(request, namespace)));
    const { length, done } = await api.artifacts.state(part);
    response.type("application/octet-stream").set({
      [headers.streamLength]: String(length),
      [headers.streamDone]: String(done),
      "content-length": String(Math.max(0, length - offset)),
    });
    await sendBytes(response, api.artifacts.read(part, { from: offset, to: length }));
  };
}
