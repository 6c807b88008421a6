/** The digest that a body comes with: `Content-Digest: sha-256=:<base64>:` (RFC 9530). */
import type { Request } from "express";
import { headers } from "../traintask/contract.ts";
import { Problem } from "./problem.ts";

/** The SHA-256 that the request names, as base64; undefined when it names none. */
export function contentDigest(request: Request): string | undefined {
  return /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(request.get(headers.contentDigest) ?? "")?.[1];
}

export function wrongDigest(detail: string): Problem {
  const errors = [{ header: headers.contentDigest, detail: "sha-256=:<base64 of the SHA-256 of the body>:" }];
  return new Problem({ status: 400, detail, errors });
}
