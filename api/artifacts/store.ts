/**
 * Where models, reports and logs are kept, in terms that a directory and an object store can both hold:
 *
 *   a part   = (task uid, stream, name), an append-only run of bytes made of chunks
 *   a chunk  = immutable, at an offset where the part ends, stored completely or not at all
 *   done     = the part's last chunk was received; nothing is appended after that
 *   a seal   = what the finished model consists of, written once
 *
 * A chunk that is stored survives a crash of the process and of the machine.
 */
import type { Stream } from "../../traintask/contract.ts";

export interface Part {
  /** Uid of the task. */
  readonly task: string;
  readonly stream: Stream;
  /** The shard; of what belongs to one pod its attempt and uid (pod-part.ts). Letters, digits, `.` and `-`. */
  readonly name: string;
}

export interface PartState {
  /** Bytes stored. */
  readonly length: number;
  readonly done: boolean;
}

export interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Marks the part as done; the chunk may then be empty. */
  readonly last: boolean;
}

/** What a sealed model consists of: the bytes of its parts up to these lengths, merged, and the end line. */
export interface Seal {
  /** `sha256:<hex>` over the plain bytes of the whole model. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly partial: boolean;
  readonly parts: readonly { readonly name: string; readonly length: number }[];
  /** The last line of the model, with its newline. */
  readonly end: string;
}

export interface ArtifactStore {
  /**
   * Durable when it returns. The same chunk again is answered like the first time.
   * @throws OffsetError when the part does not end at `offset`, or another chunk stands there
   */
  append(part: Part, chunk: Chunk): Promise<PartState>;
  /** Length 0 and not done for a part that nobody wrote. */
  state(part: Part): Promise<PartState>;
  /** The parts of a stream, oldest first. */
  parts(task: string, stream: Stream): Promise<readonly (PartState & { readonly name: string })[]>;
  /**
   * Bytes [from, to) as they were stored; `to` is at most the part's length, and by default the one at the time of the
   * call.
   * @throws DamagedError when a chunk no longer has its digest, or is gone
   */
  read(part: Part, range?: { readonly from?: number; readonly to?: number }): AsyncIterable<Uint8Array>;
  /** Stores the seal unless there is one, and answers the one that stands. */
  seal(task: string, seal: Seal): Promise<Seal>;
  sealOf(task: string): Promise<Seal | undefined>;
  /** The latest word of a shard's trainer, replaced each time. Not durable: the next one comes in seconds. */
  putProgress(task: string, progress: string, shard?: number): Promise<void>;
  progressOf(task: string, shard?: number): Promise<string | undefined>;
  /** Notes the namespace of a task of which something is kept. Durable; noted again, nothing changes. */
  putNamespace(task: string, namespace: string): Promise<void>;
  namespaceOf(task: string): Promise<string | undefined>;
  /** Uids of all tasks of which anything is kept. */
  tasks(): Promise<readonly string[]>;
  /** Removes everything of a task. */
  remove(task: string): Promise<void>;
}

/** The chunk does not fit where the part ends. */
export class OffsetError extends Error {
  override readonly name = "OffsetError";
  /** The part's true length. */
  readonly length: number;
  constructor(length: number, message: string) {
    super(message);
    this.length = length;
  }
}
