/**
 * The certificate authority that signs the API's certificate, from a PEM file that may be renewed while the operator
 * runs: each new Job is given the one of its moment. The file is read every few seconds, since a Secret that is mounted
 * in a pod is replaced by renaming a directory, which watches of a file do not see. What is no certificate is passed over.
 */
import { X509Certificate } from "node:crypto";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";

const everyMs = 10_000;

export interface AuthorityOptions {
  /** What is in the file; rejects when it cannot be read. */
  readonly read: () => Promise<string>;
  /** What was in it at the start. */
  readonly current: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Authority {
  /** PEM. */
  readonly current: () => string;
  /** Resolves when the signal has aborted. Never rejects. */
  readonly stopped: Promise<void>;
}

export function followAuthority(options: AuthorityOptions): Authority {
  const state = { current: options.current };
  return { current: () => state.current, stopped: follow(options, state) };
}

async function follow({ read, clock, log, signal }: AuthorityOptions, state: { current: string }): Promise<void> {
  let failed = false;
  for (;;) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    try {
      const found = await read();
      checkPem(found);
      failed = false;
      if (found === state.current) continue;
      state.current = found;
      log.info({}, "the certificate authority was renewed: new Jobs are given the new one");
    } catch (error) {
      // Once, not every ten seconds.
      if (!failed) log.error({ err: error }, "the new certificate authority cannot be used; the old one stays");
      failed = true;
    }
  }
}

/** @throws Error for what does not begin with a whole certificate */
function checkPem(text: string): void {
  void new X509Certificate(text);
}
