/**
 * A request's body as a value, from JSON or YAML by its content type, and an answer in what `Accept` asks for. What
 * comes out of here is plain data: finite numbers, bounded depth, no key that means something to JavaScript.
 */
import type { Request, Response } from "express";
import type { Clock } from "../kube/clock.ts";
import { readBody } from "./body.ts";
import { maxDepth, parseJson } from "./json-text.ts";
import { pointer, Problem } from "./problem.ts";
import { parseYaml, toYaml } from "./yaml-text.ts";

/** An inline table has at most 64 KiB; a whole task fits many times. YAML costs fifty times as long to read as JSON. */
const maxJsonBytes = 1 << 20;
const maxYamlBytes = 1 << 18;
const patience = { idleMs: 10_000, totalMs: 30_000 };

const jsonTypes = ["application/json", "application/merge-patch+json"];
const yamlTypes = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

/** The media type of a request's body, without parameters, in lower case; empty when it has none. */
export function mediaType(request: Request): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

export interface Document {
  readonly value: unknown;
  /** The bytes it was read from, for a digest. */
  readonly bytes: Buffer;
}

/** @throws Problem 400, 408, 413 or 415 */
export async function readDocument(request: Request, clock: Clock): Promise<Document> {
  const type = mediaType(request);
  const yaml = yamlTypes.includes(type);
  if (!yaml && !jsonTypes.includes(type))
    throw new Problem({
      status: 415,
      detail: `Say what the body is: content-type application/json or application/yaml, not ${type === "" ? "none" : type}.`,
      errors: [{ header: "content-type", detail: "application/json or application/yaml" }],
    });
  const bytes = await readBody(request, { maxBytes: yaml ? maxYamlBytes : maxJsonBytes, ...patience, clock });
  const text = decode(bytes);
  const value = yaml ? parseYaml(text) : parseJson(text);
  checkPlain(value, []);
  return { value, bytes };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem({ status: 400, detail: "The body is not UTF-8 text.", cause });
  }
}

/** @throws Problem 400 naming the place of what cannot stand in a Kubernetes object */
function checkPlain(value: unknown, path: (string | number)[]): void {
  const refuse = (detail: string): never => {
    throw new Problem({
      status: 400,
      detail: "The body holds a value that no field can have.",
      errors: [{ pointer: pointer(path), detail }],
    });
  };
  if (path.length > maxDepth) refuse(`nested deeper than ${maxDepth} levels`);
  if (typeof value === "number" && !Number.isFinite(value)) refuse("not a finite number");
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkPlain(item, [...path, index]);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") {
      path = [...path, key];
      refuse("no field has this name");
    }
    checkPlain(item, [...path, key]);
  }
}

/** Sends a value as JSON, or as YAML to those who ask for it. */
export function sendDocument(request: Request, response: Response, value: unknown): void {
  response.vary("Accept");
  const wanted = request.accepts(["application/json", ...yamlTypes]);
  if (wanted === false || wanted === "application/json") {
    response.type("application/json").send(JSON.stringify(value) + "\n");
    return;
  }
  response.type("application/yaml").send(toYaml(value));
}
