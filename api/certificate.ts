/**
 * The server's certificate and key, from two PEM files. The files are read again every few seconds: a Secret that is
 * mounted in a pod is replaced by renaming a directory, which watches of a file do not see. What cannot be used (the
 * two files do not belong together, one is half written) is passed over, and the certificate in use stays.
 */
import { readFile } from "node:fs/promises";
import type { Server as TlsServer } from "node:https";
import { createSecureContext } from "node:tls";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const everyMs = 10_000;

/** @throws Error when a file cannot be read, or the two cannot be used together */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
  createSecureContext({ cert, key });
  return { cert, key };
}

export interface RenewalOptions {
  readonly files: CertificateFiles;
  /** What the server uses now. */
  readonly current: Certificate;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Gives the server each new certificate, for the connections that are made from then on; ends with the signal. */
export async function renewCertificate(
  server: Pick<TlsServer, "setSecureContext">,
  options: RenewalOptions,
): Promise<void> {
  const { files, clock, log, signal } = options;
  let { current } = options;
  let failed = false;
  for (;;) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    try {
      const found = await readCertificate(files);
      failed = false;
      if (found.cert === current.cert && found.key === current.key) continue;
      server.setSecureContext(found);
      current = found;
      log.info({ certFile: files.certFile }, "the certificate was renewed");
    } catch (error) {
      // Once, not every ten seconds.
      if (!failed) log.error({ err: error, ...files }, "the new certificate cannot be used; the old one stays");
      failed = true;
    }
  }
}
