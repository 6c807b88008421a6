/** Bodies: bounded, decoded as UTF-8, JSON, YAML or what kubectl sends as protobuf. */
import { parseDocument } from "yaml";
import { badRequest, StatusError, unsupportedMediaType } from "../status.ts";
import { readJson, type ReadJson } from "./json.ts";
import { readProtobuf } from "./protobuf.ts";

/** As in Kubernetes: 3 MiB. */
export const maxBodyBytes = 3 << 20;

export const tooLarge = (): StatusError =>
  new StatusError({
    code: 413,
    reason: "RequestEntityTooLarge",
    message: `Request entity too large: limit is ${maxBodyBytes}`,
  });

/** The media type of a body, without parameters. */
export const mediaType = (headers: Readonly<Record<string, string>>): string =>
  (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** @throws StatusError 400 when the bytes are no UTF-8 */
export function text(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw badRequest("the body is not valid UTF-8");
  }
}

/** Reads the body of a create or an update. @throws StatusError 400, 415 */
export function readBody(body: Uint8Array, headers: Readonly<Record<string, string>>): ReadJson {
  switch (mediaType(headers)) {
    case "":
    case "application/json":
      return readJson(text(body));
    case "application/yaml":
      return readYaml(text(body));
    case "application/vnd.kubernetes.protobuf":
      return readJson(JSON.stringify(readProtobuf(body)));
    default:
      throw unsupportedMediaType(
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
      );
  }
}

/** YAML, like protobuf, is read by way of JSON, so that all have the same limits. */
function readYaml(source: string): ReadJson {
  const document = parseDocument(source, { uniqueKeys: false, schema: "core" });
  const [error] = document.errors;
  if (error !== undefined) throw badRequest(`the body is not valid YAML: ${error.message}`);
  try {
    return readJson(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? "null");
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    throw badRequest(`the body is not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
