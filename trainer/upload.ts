/**
 * Appends lines to a stream of the API while the training goes on: lines gather for a second or up to a MiB and become
 * a chunk. While the API is away they wait here, up to a bound, and growing goes on.
 */
import { maxChunkBytes } from "../traintask/contract.ts";
import { type ChunkSender, chunkSender, type UploadOptions } from "./chunk-sender.ts";
import type { TrainerClock } from "./clock.ts";

const gatherMs = 1000;
/** Lines that may wait while the API is away. */
const maxWaitingBytes = 16 << 20;

export class Upload {
  readonly #clock: TrainerClock;
  readonly #sender: ChunkSender;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #gathering = new AbortController();
  /** How many calls wait for the lines to be stored: then none are gathered. */
  #urgent = 0;
  #pump: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: UploadOptions) {
    this.#clock = options.clock;
    this.#sender = chunkSender(options);
  }

  /** Bytes of the stream, those included that wait to be stored. */
  get length(): number {
    return this.#sender.offset + this.#waitingBytes;
  }

  /** Takes a line (without a line break); it is stored later. */
  add(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= maxChunkBytes) this.#gathering.abort();
    this.#start();
  }

  /** Resolves when little enough is waiting; rejects when the upload has failed for good. */
  room(): Promise<void> {
    return this.#settle(() => this.#waitingBytes < maxWaitingBytes);
  }

  /** Stores what is waiting. Rejects when that fails for good, with the reason. */
  flush(): Promise<void> {
    return this.#settle(() => this.#waitingBytes === 0);
  }

  /** Stores what is waiting and marks the stream as done. @returns shards whose part of it is not done yet */
  async finish(): Promise<readonly number[]> {
    await this.flush();
    return (await this.#sender.send(Buffer.alloc(0), { last: true })).open;
  }

  async #settle(enough: () => boolean): Promise<void> {
    this.#urgent += 1;
    while (this.#failure === undefined && !enough()) {
      this.#gathering.abort();
      this.#start();
      await this.#pump;
    }
    this.#urgent -= 1;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #start(): void {
    if (this.#failure === undefined) this.#pump ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        if (this.#urgent === 0 && this.#waitingBytes < maxChunkBytes) {
          this.#gathering = new AbortController();
          await this.#clock.sleep(gatherMs, this.#gathering.signal);
        }
        const chunk = this.#take();
        await this.#sender.send(chunk);
        this.#waitingBytes -= chunk.length;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      // In the same turn as the last look at what is waiting: a line that comes later starts anew.
      this.#pump = undefined;
    }
  }

  /** Whole lines of a MiB at most, or a single longer one. */
  #take(): Buffer {
    let count = 0;
    let bytes = 0;
    while (count < this.#waiting.length && (count === 0 || bytes + this.#waiting[count]!.length <= maxChunkBytes)) {
      bytes += this.#waiting[count++]!.length;
    }
    return Buffer.concat(this.#waiting.splice(0, count));
  }
}
