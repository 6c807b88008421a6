/**
 * A table from the web. The host's addresses are checked when they are resolved, and the connection goes to those very
 * addresses, so a resolver that changes its answer gains nothing. Failures that trying again may mend are temporary ones;
 * the data's digest in the model's header notices whatever was changed between two attempts.
 */
import { lookup as resolve, type LookupAddress } from "node:dns";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { DataError } from "../data/error.ts";
import { ConfigurationError, TemporaryError } from "./errors.ts";
import { isPublicAddress } from "./public-address.ts";
import { shownUri } from "./source-name.ts";

export interface HttpsOptions {
  /** Whether the installation lets tasks read from addresses that are not public. */
  readonly allowPrivateAddresses: boolean;
  /** Finds all addresses of a host; the system's resolver if absent. */
  readonly resolveAll?: ResolveAll;
  /** PEM of the authorities that are trusted; Node's own if absent. */
  readonly ca?: string;
  /** Silence that counts as a failure, in milliseconds. */
  readonly idleMs?: number;
}

export type ResolveAll = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const maxRedirects = 5;
const redirects = [301, 302, 303, 307, 308];

/**
 * The body of what the address names, which is read once; proxies are not used.
 * @throws ConfigurationError where the address can never be read so, DataError, TemporaryError
 */
export async function* httpsTable(uri: string, options: HttpsOptions): AsyncGenerator<Uint8Array> {
  let url = parsed(uri);
  for (let count = 0; ; count++) {
    const answer = await ask(url, options);
    const { statusCode = 0 } = answer;
    if (!redirects.includes(statusCode)) return yield* body(answer, url);
    answer.destroy();
    if (count === maxRedirects) throw refused(url, `it redirects more than ${maxRedirects} times`);
    url = redirected(url, answer);
  }
}

function parsed(uri: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new ConfigurationError(`spec.dataset.uri: ${shownUri(uri)} is not an https address without a user's name.`);
  }
  return url;
}

function redirected(url: URL, { headers }: IncomingMessage): URL {
  const { location = "" } = headers;
  const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  if (target === undefined) throw refused(url, "it redirects to what is no address");
  if (target.protocol !== "https:") throw refused(url, `it redirects to ${target.protocol}, and only https is read`);
  if (target.host === url.host && target.username === "") return target;
  throw refused(url, `it redirects to another host, ${target.host}. Name the address there`);
}

function refused(url: URL, why: string): ConfigurationError {
  return new ConfigurationError(`spec.dataset.uri: ${shownUri(url.href)} cannot be read: ${why}.`);
}

async function ask(url: URL, options: HttpsOptions): Promise<IncomingMessage> {
  const { ca, idleMs = 30_000, allowPrivateAddresses } = options;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !allowPrivateAddresses && !isPublicAddress(host)) throw notPublic(url.hostname);
  // An agent of its own: the global one may have been told of a proxy by the environment.
  const agent = new Agent({ keepAlive: false });
  return new Promise((answered, reject) => {
    const outgoing = request(url, {
      agent,
      headers: { accept: "text/csv, */*", "accept-encoding": "identity" },
      lookup: checkedLookup(options),
      timeout: idleMs,
      ...(ca === undefined ? {} : { ca }),
    });
    let answer: IncomingMessage | undefined;
    outgoing.on("timeout", () => (answer ?? outgoing).destroy(new Error(`not a byte came for ${idleMs / 1000} s`)));
    outgoing.on("response", (head) => answered((answer = head)));
    outgoing.on("error", (cause) => reject(broken(url, cause)));
    outgoing.end();
  });
}

/** Resolves a host for a connection, which then goes to no address but these. */
function checkedLookup({ allowPrivateAddresses, resolveAll = systemResolver }: HttpsOptions): LookupFunction {
  return (host, { all }, done) => {
    resolveAll(host, (error, addresses) => {
      if (error !== null) return done(error, []);
      if (!allowPrivateAddresses && !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(notPublic(host), []);
      }
      const [first] = addresses;
      if (first === undefined) return done(new Error(`${host} has no address`), []);
      if (all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

const systemResolver: ResolveAll = (host, done) => resolve(host, { all: true }, done);

function notPublic(host: string): ConfigurationError {
  return new ConfigurationError(
    `spec.dataset.uri: ${host} has an address that is not public, and this installation does not let tasks read from ` +
      "such. Upload the table (PUT /v1/datasets), or ask the administrator for trainer.allowPrivateAddresses.",
  );
}

/** What no second attempt will mend: the host's certificate is not one that is trusted. */
const untrusted = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

function broken(url: URL, cause: unknown): Error {
  if (cause instanceof ConfigurationError) return cause;
  const { message, code = "" } = cause as NodeJS.ErrnoException;
  if (untrusted.test(code)) return refused(url, `its certificate is not trusted (${code})`);
  return new TemporaryError(`${shownUri(url.href)} cannot be read now: ${message}.`, { cause });
}

/** Passes on the body, where there is one. */
async function* body(answer: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  checkStatus(answer, url);
  const encoding = answer.headers["content-encoding"] ?? "identity";
  if (!["identity", "gzip", "x-gzip", "zstd"].includes(encoding)) {
    answer.destroy();
    throw new DataError(
      `${shownUri(url.href)} is sent as ${encoding}: send it as it is, or compressed by gzip or zstd.`,
    );
  }
  try {
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (cause) {
    throw broken(url, cause);
  }
  if (!answer.complete) throw new TemporaryError(`${shownUri(url.href)} broke off before its end.`);
}

function checkStatus(answer: IncomingMessage, url: URL): void {
  const { statusCode: status = 0, statusMessage = "", headers } = answer;
  if (status === 200) return;
  answer.destroy();
  const said = `${status} ${statusMessage}`.trim();
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(headers["retry-after"]);
    const wait = Number.isFinite(seconds) ? { retryAfterMs: Math.min(60, Math.max(0, seconds)) * 1000 } : {};
    throw new TemporaryError(`${shownUri(url.href)} cannot be read now: it answers ${said}.`, wait);
  }
  throw refused(url, `it answers ${said}`);
}
