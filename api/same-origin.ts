/**
 * A browser page from elsewhere can do nothing here: not write, not read, not even through a name that it has pointed
 * at this machine (DNS rebinding). Checked on every route, GET /AddTask too, since that one writes.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

export interface Address {
  /** The port that the server listens on, known once it does. */
  readonly port: () => number;
  /**
   * Whether the server goes by other names than this machine's own: in a cluster it has many, and a page that points
   * one more at it still has no token.
   */
  readonly anyName: boolean;
}

/** Why a request with these headers is refused; undefined when it is not. */
function foreign(headers: IncomingHttpHeaders, { port: listening, anyName }: Address): string | undefined {
  const host = (headers.host ?? "").toLowerCase();
  const port = listening();
  if (!anyName && !loopbackNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name)))
    return `this server is not ${host === "" ? "without a name" : `"${host.slice(0, 100)}"`}; call it 127.0.0.1:${port} or localhost:${port}`;
  const { origin } = headers;
  // TLS may end before this server, so both schemes are its own.
  if (origin !== undefined && ![`http://${host}`, `https://${host}`].includes(origin.toLowerCase()))
    return `pages of ${origin.slice(0, 100)} may not use this API`;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return "pages from other sites may not use this API";
  return undefined;
}

export function sameOriginOnly(address: Address): RequestHandler {
  return (request, _response, next) => {
    const reason = foreign(request.headers, address);
    if (reason !== undefined) throw new Problem({ status: 403, detail: `Refused: ${reason}.` });
    next();
  };
}
