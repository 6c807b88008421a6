/** Who a request says that it is from: the token of its `Authorization: Bearer` header, and its address. */
import type { IncomingMessage } from "node:http";

export interface Bearer {
  /** undefined when there was none. */
  readonly token: string | undefined;
  readonly from: string | undefined;
}

export function bearerToken(request: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

export function bearerOf(request: IncomingMessage): Bearer {
  return { token: bearerToken(request), from: request.socket.remoteAddress };
}
