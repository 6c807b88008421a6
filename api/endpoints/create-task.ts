/** `POST /v1/tasks`: a task as JSON or YAML; 201 once it is durable. */
import { timingSafeEqual, createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import * as z from "zod";
import type { Api } from "../api.ts";
import { bearerToken } from "../bearer.ts";
import { checkDataset } from "../datasets/named.ts";
import { readDocument, sendDocument } from "../document.ts";
import { isFields, readManifest } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";
import { presentNew } from "../present.ts";
import { Problem } from "../problem.ts";
import { optionalNamespace, readQuery } from "../query.ts";
import { checkServed } from "../served.ts";
import { submitTask } from "../submit.ts";

export const createTaskQuery = z.strictObject({ namespace: optionalNamespace });

type Needs = Pick<Api, "access" | "client" | "cache" | "clock" | "settings" | "datasets">;

export function createTask(api: Needs): RequestHandler {
  return async (request, response) => {
    const { namespace } = readQuery(request, createTaskQuery);
    const key = idempotencyKey(request);
    const { value, bytes } = await readDocument(request, api.clock);
    const manifest = readManifest(value, {
      namespace,
      ...(key === undefined ? {} : { idempotency: { key, body: bytes } }),
    });
    await api.access.authorize(request, { verb: "create", namespace: manifest.metadata.namespace });
    checkServed(api, manifest.metadata.namespace);
    checkMayRun(api, request, manifest);
    await checkDataset(api, manifest);
    const task = await submitTask(api, manifest);
    const presented = presentNew(api, request, task);
    response.status(201).location(presented.links.self);
    sendDocument(request, response, presented);
  };
}

function idempotencyKey(request: Request): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem({
    status: 400,
    detail: "The Idempotency-Key must be 1 to 255 printable ASCII characters without spaces.",
    errors: [{ header: "idempotency-key", detail: "1 to 255 printable ASCII characters" }],
  });
}

/** Where a container's command runs on this very machine, only who has the token that was printed at the start may send one. */
function checkMayRun(api: Pick<Api, "settings">, request: Request, manifest: Manifest): void {
  const { containerToken } = api.settings;
  const trainer = isFields(manifest.spec) ? manifest.spec["trainer"] : undefined;
  if (containerToken === undefined || !isFields(trainer) || trainer["container"] === undefined) return;
  if (isSame(bearerToken(request) ?? "", containerToken)) return;
  throw new Problem({
    status: 403,
    detail:
      "A container task runs its command on this machine: send the token that was printed at the start, as Authorization: Bearer.",
    errors: [{ pointer: "/spec/trainer/container", detail: "needs the token" }],
  });
}

function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
