/**
 * Reading a request's body, bounded in size and in patience: a body that is too large is refused before it is held,
 * one that trickles is cut off. Nothing here looks at what the bytes mean.
 */
import type { IncomingMessage } from "node:http";
import type { Request } from "express";
import type { Clock } from "../kube/clock.ts";
import { Problem } from "./problem.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  /** Longest silence between two pieces of the body, in milliseconds. */
  readonly idleMs: number;
  /** Longest time for the whole body, in milliseconds; absent for uploads of any length. */
  readonly totalMs?: number;
  readonly clock: Clock;
}

/**
 * The pieces of the body as they come.
 * @throws Problem 413, 415 (compressed) or 408 (too slow); whatever came before is the caller's to throw away
 */
export async function* bodyPieces(request: IncomingMessage, limits: BodyLimits): AsyncGenerator<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity")
    throw new Problem({ status: 415, detail: `Send the body as it is, not as ${encoding}.` });
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limits.maxBytes) throw tooLarge(limits);

  // Who asked before sending is told to go on only here, where nothing stands against the body any more.
  if (request.headers.expect !== undefined) (request as Partial<Request>).res?.writeContinue();

  const slow = new AbortController();
  const { clock } = limits;
  const cutOff = (): void => slow.abort();
  const cancelTotal = limits.totalMs === undefined ? undefined : clock.after(limits.totalMs, cutOff);
  let cancelIdle = clock.after(limits.idleMs, cutOff);
  let received = 0;
  const pieces = onAbortEnd(request, slow.signal);
  try {
    for await (const piece of pieces) {
      cancelIdle();
      received += piece.length;
      if (received > limits.maxBytes) throw tooLarge(limits);
      yield piece;
      cancelIdle = clock.after(limits.idleMs, cutOff);
    }
    if (slow.signal.aborted)
      throw new Problem({ status: 408, detail: "The body came too slowly. Send it again over a faster connection." });
    if (!request.complete) throw new Problem({ status: 400, detail: "The connection ended before the body did." });
  } finally {
    cancelIdle();
    cancelTotal?.();
  }
}

/** The request's pieces, ending early when the signal aborts. The request itself stays open, so that it can be answered. */
async function* onAbortEnd(request: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const aborted = new Promise<{ done: true; value: undefined }>((resolve) => {
    signal.addEventListener("abort", () => resolve({ done: true, value: undefined }), { once: true });
  });
  try {
    for (;;) {
      const next = iterator.next();
      next.catch(() => undefined);
      const result = await Promise.race([next, aborted]);
      if (result.done === true) return;
      yield result.value;
    }
  } catch (cause) {
    throw new Problem({ status: 400, detail: "The connection ended before the body did.", cause });
  } finally {
    request.pause();
  }
}

function tooLarge(limits: BodyLimits): Problem {
  return new Problem({ status: 413, detail: `The body is larger than ${limits.maxBytes} bytes.` });
}

/** The whole body. For bodies that are small by their nature. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bodyPieces(request, limits)) pieces.push(piece);
  return Buffer.concat(pieces);
}
