/**
 * How a server goes without anybody noticing. First it serves on and says with each answer that this connection ends,
 * so that those who ask turn to its successor by themselves, and those who send them here have time to hear of the end.
 * Then it takes no more, and lets what is under way end.
 */
import type { RequestListener, Server } from "node:http";
import type { Clock } from "../kube/clock.ts";
import { closeServer } from "./http-server.ts";

/** A connection that became idle since the last look is closed after this time. */
const lookAgainMs = 100;

export interface Draining {
  readonly clock: Clock;
  readonly seconds: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/** Serves on for a while. No connection is closed under a request that is on its way: its answer says that it is the last. */
export async function drain(server: Server, { clock, seconds, signal }: Draining): Promise<void> {
  if (seconds === 0) return;
  const last: RequestListener = (_, response) => {
    response.shouldKeepAlive = false;
  };
  server.prependListener("request", last);
  server.prependListener("checkContinue", last);
  await clock.sleep(seconds * 1000, signal);
}

/** Takes no more connections, and lets requests under way end for so long. */
export async function farewell(
  server: Server,
  { clock, seconds }: { readonly clock: Clock; readonly seconds: number },
): Promise<void> {
  const ended = new AbortController();
  server.close(() => ended.abort());
  const deadline = clock.monotonic() + seconds * 1000;
  while (!ended.signal.aborted && clock.monotonic() < deadline) {
    server.closeIdleConnections();
    await clock.sleep(Math.min(lookAgainMs, deadline - clock.monotonic()), ended.signal);
  }
  if (!ended.signal.aborted) await closeServer(server);
}
