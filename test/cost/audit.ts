/** The API server's book of what service accounts asked of it (test/cluster/audit-policy.json). */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface AuditEntry {
  /** The service account; one that is made again by the same name has another uid. */
  readonly account: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly verb: string;
  /** As a role names it: `traintasks/status.traintask.dev`, `pods.` for a kind of the core group. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of the answer. */
  readonly code: number;
  /** What RBAC said; another refusal (a quota, a rule) is none of its own. */
  readonly allowed: boolean;
  /** Milliseconds since 1970, to the microsecond: when the request came. */
  readonly at: number;
}

interface AuditLine {
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string; readonly uid?: string };
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Where the book ends now: what comes later is read from there. */
export function auditEnd(file: string): number {
  const opened = openSync(file, "r");
  try {
    return fstatSync(opened).size;
  } finally {
    closeSync(opened);
  }
}

/** The entries from this byte on. A watch is entered when it begins, everything else when it is answered. */
export function auditEntries(file: string, from = 0): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const line of linesOf(file, from)) {
    const entry = entryOf(JSON.parse(line) as AuditLine);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function entryOf({ stage, verb, user, objectRef, responseStatus, ...line }: AuditLine): AuditEntry | undefined {
  if (stage !== (verb === "watch" && responseStatus?.code === 200 ? "ResponseStarted" : "ResponseComplete"))
    return undefined;
  const [, , accountNamespace, accountName] = user.username.split(":");
  if (objectRef?.resource === undefined || accountNamespace === undefined || accountName === undefined)
    return undefined;
  const { resource, subresource, apiGroup = "", namespace = "", name = "" } = objectRef;
  return {
    account: { namespace: accountNamespace, name: accountName, uid: user.uid ?? "" },
    verb,
    resource: `${resource}${subresource === undefined ? "" : `/${subresource}`}.${apiGroup}`,
    namespace,
    name,
    code: responseStatus?.code ?? 0,
    allowed: line.annotations?.["authorization.k8s.io/decision"] !== "forbid",
    at: Date.parse(line.requestReceivedTimestamp),
  };
}

/** Whole lines; a book of a long run does not fit into one string. */
function* linesOf(file: string, from: number): Generator<string> {
  const opened = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    let rest = Buffer.alloc(0);
    for (let at = from, read = -1; read !== 0; at += read) {
      read = readSync(opened, buffer, 0, buffer.length, at);
      const bytes = Buffer.concat([rest, buffer.subarray(0, read)]);
      const end = bytes.lastIndexOf(10);
      rest = bytes.subarray(end + 1);
      for (const line of bytes.toString("utf8", 0, Math.max(end, 0)).split("\n")) if (line !== "") yield line;
    }
  } finally {
    closeSync(opened);
  }
}
