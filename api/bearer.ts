/** The token of an `Authorization: Bearer` header. */
import type { IncomingMessage } from "node:http";

export function bearerToken(request: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
