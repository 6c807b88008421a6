/**
 * Where the cluster is and how to prove who we are, by @kubernetes/client-node: kubeconfig files, the service account
 * in a pod, exec plugins, tokens in files. The only file that loads that library, and only when a real cluster is
 * configured: it takes some 80 MB and most of a second.
 */
import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { systemClock, type Clock } from "./clock.ts";
import type { HttpsTransportOptions } from "./https-transport.ts";

export interface ClusterOptions {
  /** Path of a kubeconfig; absent: what KUBECONFIG names, ~/.kube/config, or the pod's service account. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig; absent: its current one. */
  readonly context?: string;
  readonly clock?: Clock;
}

/** No usable kubeconfig, context or service account. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Tokens in files and from exec plugins are asked for anew after so long. */
const tokenMaxAgeMs = 10_000;

/**
 * What httpsTransport needs to reach the cluster. Client certificates are read once, tokens again and again.
 * @throws ConfigError
 */
export async function clusterConfig(options: ClusterOptions = {}): Promise<HttpsTransportOptions> {
  const config = await load(options);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new ConfigError(`context "${config.getCurrentContext()}" of the kubeconfig has no cluster`);
  if (cluster.proxyUrl !== undefined) throw new ConfigError(`cluster "${cluster.name}": proxy-url is not supported`);
  const user = config.getCurrentUser() ?? { name: "anonymous" };
  if (user.impersonateUser !== undefined) throw new ConfigError(`user "${user.name}": impersonation is not supported`);
  // The library applies the cluster's authority only where there is a user, and plain HTTP only where nothing is checked.
  const plain = cluster.server.startsWith("http:");
  config.loadFromClusterAndUser(plain ? { ...cluster, skipTLSVerify: true } : cluster, user);

  const found = await credentials(config);
  const rotates = user.exec !== undefined || user.authProvider !== undefined;
  return {
    baseUrl: cluster.server,
    tls: found.tls,
    authorization: rotates ? remembered(config, options.clock ?? systemClock) : () => found.authorization,
  };
}

async function load(options: ClusterOptions): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import("@kubernetes/client-node");
  const config = new Config();
  try {
    if (options.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(options.kubeconfig);
  } catch (cause) {
    throw new ConfigError(`the kubeconfig ${options.kubeconfig ?? ""} cannot be used: ${reason(cause)}`, { cause });
  }
  // Where it finds nothing, the library makes up a cluster at localhost:8080.
  if (options.kubeconfig === undefined && config.getCurrentContext() === "loaded-context") {
    throw new ConfigError("no cluster is configured: set KUBECONFIG, or run in a pod with a service account");
  }
  if (options.context !== undefined) {
    if (config.getContextObject(options.context) === null) {
      throw new ConfigError(`the kubeconfig has no context "${options.context}"`);
    }
    config.setCurrentContext(options.context);
  }
  return config;
}

interface Credentials {
  readonly tls: NonNullable<HttpsTransportOptions["tls"]>;
  readonly authorization: string | undefined;
}

async function credentials(config: KubeConfig): Promise<Credentials> {
  const request: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(request);
  } catch (cause) {
    throw new ConfigError(`no credentials for the cluster: ${reason(cause)}`, { cause });
  }
  const { ca, cert, key, servername, rejectUnauthorized, auth } = request;
  const header = new Headers(request.headers as Record<string, string> | undefined).get("authorization");
  return {
    // Only false is handed on, which asks for no check; undefined must not look like it.
    tls: { ca, cert, key, servername, ...(rejectUnauthorized === false ? { rejectUnauthorized } : {}) },
    authorization: header ?? (auth ? `Basic ${Buffer.from(auth).toString("base64")}` : undefined),
  };
}

/** The Authorization header, asked of the library at most every few seconds. */
function remembered(config: KubeConfig, clock: Clock): () => Promise<string | undefined> {
  let askedAt = -Infinity;
  let answer: Promise<Credentials> | undefined;
  return async () => {
    if (answer === undefined || clock.monotonic() - askedAt >= tokenMaxAgeMs) {
      askedAt = clock.monotonic();
      answer = credentials(config);
      answer.catch(() => {
        answer = undefined;
      });
    }
    return (await answer).authorization;
  };
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
