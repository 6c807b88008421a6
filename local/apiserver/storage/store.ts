/**
 * The objects in SQLite: one row for each object, and one for each of the latest changes, which watches and
 * consistent lists read. Every write takes the next number of one global sequence, the object's resourceVersion.
 *
 * WAL with synchronous=NORMAL: a write that has returned survives any death of this process (SIGKILL included); a
 * power failure may lose the last moments but never tears the file. The lock is exclusive: one server per file.
 */
import { DatabaseSync } from "node:sqlite";
import type { KubeObject } from "../../../kube/objects.ts";
import { createDecoder, type Complete } from "./decoder.ts";
import { openHistory, type Change, type History, type Retention } from "./history.ts";

export interface Write {
  readonly type: Change["type"];
  /** Which kind of object: `plural.group`. */
  readonly kind: string;
  /** `namespace/name`, or the name alone. */
  readonly key: string;
  /** Its resourceVersion is set by the store. */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

/** Part of the keys of one kind, in their order: from `after` (exclusive), below `prefix`. */
export interface Range {
  readonly kind: string;
  /** `namespace/`, or empty for all. */
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

export interface Store {
  readonly history: History;
  get(kind: string, key: string): KubeObject | undefined;
  /** The objects of a range as they are now, by key. */
  range(range: Range): Map<string, KubeObject>;
  /** Carries out one write and answers the object as stored; durable when it returns, and listeners have heard of it. */
  write(write: Write): KubeObject;
  /** Calls `listener` after each write, in order; the answer ends it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** A value that outlives restarts, made by `make` when it is first asked for. */
  remembered(name: string, make: () => string): string;
  close(): void;
}

const tables = `
  CREATE TABLE IF NOT EXISTS objects (
    kind TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE (kind, key));
  CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

export interface StoreOptions {
  /** The database file, or `:memory:`. */
  readonly path: string;
  readonly retention: Retention;
  readonly complete: Complete;
}

/** The file cannot be opened. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
}

/** The file belongs to another server that runs. */
export class StoreInUseError extends StoreError {
  override readonly name = "StoreInUseError";
}

/** @throws StoreInUseError when the file belongs to another running server, StoreError when it cannot be used */
export function openStore({ path, retention, complete }: StoreOptions): Store {
  const database = openDatabase(path);
  const decode = createDecoder(complete);
  const history = openHistory(database, { retention, decode });
  const announcer = createAnnouncer();
  const select = database.prepare("SELECT revision, json FROM objects WHERE kind = ? AND key = ?");
  const selectRange = database.prepare(
    "SELECT key, revision, json FROM objects WHERE kind = ? AND key > ? AND key < ? ORDER BY key LIMIT ?",
  );
  const put = writer(database, history);
  return {
    history,
    get(kind, key) {
      const row = select.get(kind, key);
      return row === undefined ? undefined : decode(kind, Number(row["revision"]), String(row["json"]));
    },
    range({ kind, prefix, after, limit }) {
      const start = after > prefix ? after : prefix;
      const rows = selectRange.all(kind, start, `${prefix}\u{10FFFF}`, limit);
      return new Map(
        rows.map((row) => [String(row["key"]), decode(kind, Number(row["revision"]), String(row["json"]))]),
      );
    },
    write(write) {
      const { revision, json } = put(write);
      const change = history.remember({ ...write, revision, object: decode(write.kind, revision, json) });
      announcer.announce(change);
      return change.object;
    },
    subscribe: announcer.subscribe,
    remembered: rememberer(database),
    close: () => database.close(),
  };
}

/** SQLITE_BUSY: the lock of the file is another's. */
const busy = 5;

function openDatabase(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    // Pages of 4 KiB until the log is copied into the file, which is the one thing that waits for the disk.
    database.exec("PRAGMA wal_autocheckpoint = 8000;");
    database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT;`);
    return database;
  } catch (cause) {
    const { errcode, message } = cause as Error & { errcode?: number };
    if (errcode === busy) throw new StoreInUseError(`${path} is in use by another local cluster`, { cause });
    throw new StoreError(`${path} cannot be opened: ${message}`, { cause });
  }
}

/** Tells listeners of changes in their order, also when a listener makes another change while it is told of one. */
function createAnnouncer(): { announce(change: Change): void; subscribe: Store["subscribe"] } {
  const listeners = new Set<(change: Change) => void>();
  const waiting: Change[] = [];
  let announcing = false;
  return {
    announce(change) {
      waiting.push(change);
      if (announcing) return;
      announcing = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          for (const listener of listeners) listener(next);
        }
      } finally {
        announcing = false;
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Object and history change together or not at all. */
function writer(database: DatabaseSync, history: History): (write: Write) => { revision: number; json: string } {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const replace = database.prepare(
    "INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, json = excluded.json",
  );
  const remove = database.prepare("DELETE FROM objects WHERE kind = ? AND key = ?");
  return (write) => {
    const { kind, key, type, object } = write;
    const revision = history.latest() + 1;
    const json = JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
    begin.run();
    try {
      if (type === "DELETED") remove.run(kind, key);
      else replace.run(kind, key, revision, json);
      history.append({ ...write, revision }, json);
      commit.run();
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
    return { revision, json };
  };
}

function rememberer(database: DatabaseSync): Store["remembered"] {
  return (name, make) => {
    const found = database.prepare("SELECT value FROM remembered WHERE name = ?").get(name);
    if (found !== undefined) return String(found["value"]);
    const value = make();
    database.prepare("INSERT INTO remembered VALUES (?, ?)").run(name, value);
    return value;
  };
}
