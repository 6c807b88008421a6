/**
 * Writes say what they send, in types that a plain HTML form cannot: together with same-origin.ts, a page from
 * elsewhere has no request to make. A write without a body needs no type, and no form can PUT: uploads of any type
 * are judged by whoever takes them.
 */
import type { RequestHandler } from "express";
import { mediaType } from "./document.ts";
import { Problem } from "./problem.ts";

const accepted = /^(application\/((merge-patch\+)?json|jsonl|x-ndjson|octet-stream|(x-)?yaml)|text\/(csv|(x-)?yaml))$/;

const untyped = new Set(["GET", "HEAD", "PUT"]);

export function writeTypesOnly(): RequestHandler {
  return (request, _response, next) => {
    const type = mediaType(request);
    if (!untyped.has(request.method) && type !== "" && !accepted.test(type))
      throw new Problem({
        status: 415,
        detail: `This API takes JSON, YAML and CSV, not ${type.slice(0, 100)}: with curl, add -H 'content-type: application/yaml'.`,
        errors: [{ header: "content-type", detail: "application/json, application/yaml or text/csv" }],
      });
    next();
  };
}
