/** `GET /openapi.json`: this API, described by itself. */
import type { RequestHandler } from "express";
import { openApiDocument } from "../openapi.ts";

export function getOpenApi(): RequestHandler {
  let text: string | undefined;
  return (_request, response) => {
    text ??= JSON.stringify(openApiDocument());
    response.type("application/json").send(text);
  };
}
