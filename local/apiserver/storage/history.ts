/**
 * The latest changes, in the order of their revisions. The newest ones are also kept as objects, since that is what
 * watches nearly always ask for. History is bounded; what is older than its floor has been forgotten (compacted).
 */
import type { DatabaseSync } from "node:sqlite";
import type { KubeObject } from "../../../kube/objects.ts";
import { freeze, type Decode } from "./decoder.ts";

export interface Change {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: string;
  readonly key: string;
  /** As it is after the change; when deleted, as it was last, with the revision of its deletion. */
  readonly object: KubeObject;
  /** As it was before; absent when added. */
  readonly previous?: KubeObject;
}

/** How many changes are kept, and how many characters of JSON they may have together. */
export interface Retention {
  readonly changes: number;
  readonly bytes: number;
}

export interface History {
  /** The latest revision. */
  latest(): number;
  /** Changes up to this revision may have been forgotten: what happened after it is known completely. */
  floor(): number;
  /** Changes of a kind after a revision that is not below the floor, oldest first, at most `limit`. */
  changes(kind: string, after: number, limit: number): readonly Change[];
  /** Stores a change; to be called within the transaction that makes it. */
  append(change: Omit<Change, "object">, json: string): void;
  /** Makes a stored change visible, once its transaction is done. */
  remember(change: Change): Change;
}

const table = `
  CREATE TABLE IF NOT EXISTS history (
    revision INTEGER PRIMARY KEY, type TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    json TEXT NOT NULL, previous TEXT);
`;
/** How many of the newest changes are kept as objects. */
const recentLength = 256;

export function openHistory(database: DatabaseSync, options: { retention: Retention; decode: Decode }): History {
  database.exec(table);
  const { retention, decode } = options;
  const select = database.prepare("SELECT * FROM history WHERE kind = ? AND revision > ? ORDER BY revision LIMIT ?");
  const insert = database.prepare("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)");
  const compact = compactor(database, retention);
  const bounds = database.prepare("SELECT min(revision) AS low, max(revision) AS high FROM history").get();
  let latest = Number(bounds?.["high"] ?? 0);
  let floor = Number(bounds?.["low"] ?? 1) - 1;
  const recent: Change[] = [];
  const recentFloor = (): number => (recent[0] === undefined ? latest : recent[0].revision - 1);

  const stored = (row: Record<string, unknown>): Change => {
    const revision = Number(row["revision"]);
    const kind = String(row["kind"]);
    const previous = row["previous"];
    return {
      revision,
      kind,
      type: row["type"] as Change["type"],
      key: String(row["key"]),
      object: decode(kind, revision, String(row["json"])),
      ...(typeof previous === "string" ? { previous: freeze(JSON.parse(previous) as KubeObject) } : {}),
    };
  };
  return {
    latest: () => latest,
    floor: () => floor,
    changes(kind, after, limit) {
      if (after < recentFloor()) return select.all(kind, after, limit).map(stored);
      return recent.filter((change) => change.revision > after && change.kind === kind).slice(0, limit);
    },
    append({ revision, type, kind, key, previous }, json) {
      insert.run(revision, type, kind, key, json, previous === undefined ? null : JSON.stringify(previous));
    },
    remember(change) {
      latest = change.revision;
      recent.push(change);
      if (recent.length > recentLength) recent.shift();
      floor = Math.max(floor, compact(latest));
      return change;
    },
  };
}

/**
 * Forgets the oldest changes when there are too many, an eighth at a time. The newest one always stays: it is what
 * tells the latest revision after a restart.
 * @returns a function that answers the revision up to which changes are forgotten
 */
function compactor(database: DatabaseSync, retention: Retention): (latest: number) => number {
  const interval = Math.max(1, retention.changes >> 3);
  const size = database.prepare(
    "SELECT count(*) AS changes, sum(length(json) + length(previous)) AS bytes FROM history",
  );
  const nth = database.prepare("SELECT revision FROM history ORDER BY revision DESC LIMIT 1 OFFSET ?");
  const remove = database.prepare("DELETE FROM history WHERE revision <= ?");
  let nextCheck = 0;
  return (latest) => {
    if (latest < nextCheck) return 0;
    nextCheck = latest + interval;
    const { changes = 0, bytes = 0 } = size.get() ?? {};
    const share = Math.min(1, retention.changes / Number(changes), retention.bytes / Number(bytes ?? 1));
    if (share === 1) return 0;
    const keep = Math.max(1, Math.floor(Number(changes) * share * 0.875));
    const upTo = Number(nth.get(keep)?.["revision"] ?? 0);
    remove.run(upTo);
    return upTo;
  };
}
