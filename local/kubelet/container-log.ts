/**
 * A container's log: bounded on disk, followed while it grows. Two files hold it: when the newer is half of the bound
 * it becomes the older and the oldest half is gone, so between one half and the whole of the bound is kept.
 *
 *   <path>.old   bytes [oldFrom, newFrom)
 *   <path>       bytes [newFrom, end)
 *
 * Readers stand at a byte of the whole log and read the files, so that a slow reader costs nothing.
 */
import { closeSync, openSync, readSync, renameSync, statSync, writeSync } from "node:fs";

export interface LogReadOptions {
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

const blockBytes = 64 * 1024;

export class ContainerLog {
  readonly #path: string;
  readonly #halfBytes: number;
  #file: number | undefined;
  #oldFrom = 0;
  #newFrom: number;
  #end: number;
  readonly #waiting = new Set<() => void>();

  /**
   * Opens the log as it stands on disk, ended.
   * @param path of the newer file; its directory exists
   */
  constructor(path: string, boundBytes: number) {
    this.#path = path;
    this.#halfBytes = Math.floor(boundBytes / 2);
    this.#newFrom = sizeOf(`${path}.old`);
    this.#end = this.#newFrom + sizeOf(path);
  }

  /** Opens it for writing: from now on readers that follow wait for more. */
  begin(): void {
    this.#file ??= openSync(this.#path, "a", 0o600);
  }

  append(chunk: Uint8Array): void {
    if (this.#file === undefined) return;
    const room = this.#newFrom + this.#halfBytes - this.#end;
    if (chunk.length > room && this.#end > this.#newFrom) this.#turn();
    // More than half of the bound at once: its last part is what would stay.
    const kept = chunk.subarray(Math.max(0, chunk.length - this.#halfBytes));
    writeSync(this.#file, kept);
    this.#end += kept.length;
    this.#notify();
  }

  /** Nothing more comes: readers that follow come to their end. */
  end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#notify();
  }

  /** The last bytes: at most `lines` lines and `bytes` bytes. */
  tail({ lines, bytes }: { lines: number; bytes: number }): Buffer {
    const from = Math.max(this.#startOfTail(lines), this.#end - bytes);
    return this.#readAll(from);
  }

  async *read({ follow = false, tailLines, limitBytes = Infinity, signal }: LogReadOptions): AsyncIterable<Uint8Array> {
    let at = tailLines === undefined ? this.#oldFrom : this.#startOfTail(tailLines);
    let left = limitBytes;
    while (left > 0 && signal?.aborted !== true) {
      at = Math.max(at, this.#oldFrom);
      const block = this.#readBlock(at, Math.min(left, blockBytes));
      if (block.length > 0) {
        at += block.length;
        left -= block.length;
        yield block;
      } else if (follow && this.#file !== undefined) {
        await this.#change(signal);
      } else {
        return;
      }
    }
  }

  #turn(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.old`);
    this.#file = openSync(this.#path, "a", 0o600);
    this.#oldFrom = this.#newFrom;
    this.#newFrom = this.#end;
  }

  #notify(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  #startOfTail(lines: number): number {
    if (lines <= 0) return this.#end;
    const all = this.#readAll(this.#oldFrom);
    // The newline that ends the last line ends no line before it.
    let at = all.length - 1;
    for (let count = 0; count < lines && at >= 0; count++) at = at === 0 ? -1 : all.lastIndexOf(10, at - 1);
    return this.#oldFrom + at + 1;
  }

  #readAll(from: number): Buffer {
    const blocks: Buffer[] = [];
    for (let at = from; ;) {
      const block = this.#readBlock(at, this.#end - at);
      if (block.length === 0) return Buffer.concat(blocks);
      blocks.push(block);
      at += block.length;
    }
  }

  /** Bytes from `at` on out of one of the files; none at the end. */
  #readBlock(at: number, length: number): Buffer {
    const isOld = at < this.#newFrom;
    const from = isOld ? this.#oldFrom : this.#newFrom;
    const size = Math.min(length, (isOld ? this.#newFrom : this.#end) - at);
    if (size <= 0) return Buffer.alloc(0);
    const file = openSync(isOld ? `${this.#path}.old` : this.#path, "r");
    try {
      const buffer = Buffer.alloc(size);
      return buffer.subarray(0, readSync(file, buffer, 0, size, at - from));
    } finally {
      closeSync(file);
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
