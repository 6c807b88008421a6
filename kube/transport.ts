/**
 * What stands below the client: send one request, get status, headers and a stream of bytes. Two implementations:
 * pooled `node:https` (https-transport.ts), and a direct call into the local API server's handler, whose
 * `handle` has this same shape, so that simulations need no socket.
 */
export interface TransportRequest {
  readonly method: string;
  /** Path with query, beginning with a slash. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Aborts the request, also while the body streams. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the response must be there: its headers, and unless it is a stream its whole body. */
  readonly timeoutMs?: number;
  /** The body lasts (a watch, a followed log): it has no deadline and takes no connection from the calls. */
  readonly stream?: boolean;
}

export interface TransportResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be consumed or `return()`ed, else its connection stays busy. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Transport {
  /** @throws TransportError when no (whole) answer came: the outcome of a write is then unknown. */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** Ends idle connections; requests under way end with a TransportError. */
  close(): Promise<void>;
}
