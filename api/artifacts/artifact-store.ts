/**
 * Parts, chunks and seals as objects, for any number of API processes at once:
 *
 *   tasks/<uid>/model/0/0000000000000000    the chunk at this offset
 *                      /0000000000001234    an empty chunk at the end: the part is done
 *              /seal.json, progress.json (of shard 0; progress-1.json, ...), namespace
 *
 * A chunk is created only at an offset where the writer has seen the part end, and only if nothing stands there. Chunks
 * never go, so what was seen stays true: of two writers one succeeds, whichever process they write through, also when
 * one brings bytes and the other says that there are no more. A list that lags shows too short a part, and then
 * something stands at its end.
 */
import type { Stream } from "../../traintask/contract.ts";
import { contentOf, DamagedError, digestBytes, safeName, withDigest } from "./objects.ts";
import type { Listed, Objects } from "./objects.ts";
import { ahead } from "./read-ahead.ts";
import { OffsetError } from "./store.ts";
import type { ArtifactStore, Chunk, Part, PartState, Seal } from "./store.ts";

/** What is remembered of a part, so that its beginning need not be listed again and again. It stays true forever. */
interface Seen {
  /** An offset at which a chunk stands. */
  readonly offset: number;
  /** When the first chunk was stored. */
  readonly began: number;
}

const maxSeen = 10_000;

export function artifactStore(objects: Objects): ArtifactStore {
  return new ObjectArtifacts(objects);
}

class ObjectArtifacts implements ArtifactStore {
  readonly #objects: Objects;
  readonly #seen = new Map<string, Seen>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  async append(part: Part, { offset, bytes, last }: Chunk): Promise<PartState> {
    const folder = folderOf(part);
    let { length, done } = await this.#look(folder);
    if (bytes.length === 0) {
      if (offset !== length) throw misfit(length, offset);
    } else if (offset === length && !done && (await this.#objects.create(keyOf(folder, offset), withDigest(bytes)))) {
      length += bytes.length;
    } else {
      await this.#mustStand(folder, { offset, bytes, last }, { length, done });
      ({ length, done } = await this.#look(folder));
    }
    // Only the part's last chunk, sent again, can still become the last.
    const ends = last && !done && offset + bytes.length === length;
    return ends ? this.#finish(folder, length) : { length, done };
  }

  /** @throws OffsetError unless this very chunk was stored before */
  async #mustStand(folder: string, { offset, bytes }: Chunk, { length, done }: PartState): Promise<void> {
    const stands = await this.#objects.get(keyOf(folder, offset));
    if (stands === undefined) throw misfit(length, offset);
    if (Buffer.compare(stands, withDigest(bytes)) === 0) return;
    if (offset < length || done) throw new OffsetError(length, `another chunk stands at ${offset}`);
    // It came between our look and our attempt.
    throw new OffsetError((await this.#look(folder)).length, `another chunk was stored at ${offset} just now`);
  }

  async #finish(folder: string, length: number): Promise<PartState> {
    if (await this.#objects.create(keyOf(folder, length), withDigest(Buffer.alloc(0)))) return { length, done: true };
    const now = await this.#look(folder);
    if (now.length === length) return { length, done: true };
    throw new OffsetError(now.length, `another chunk was stored at ${length} just now`);
  }

  async state(part: Part): Promise<PartState> {
    const { length, done } = await this.#look(folderOf(part));
    return { length, done };
  }

  async parts(task: string, stream: Stream): Promise<(PartState & { name: string })[]> {
    const folder = `${taskFolder(task)}/${stream}`;
    const names = await this.#objects.folders(folder);
    const parts = await Promise.all(
      names.map(async (name) => ({ name, ...(await this.#look(`${folder}/${safeName(name)}`)) })),
    );
    return parts
      .toSorted((a, b) => a.began - b.began || (a.name < b.name ? -1 : 1))
      .map(({ name, length, done }) => ({ name, length, done }));
  }

  /** Where a part ends, from the last chunk that was seen of it on. */
  async #look(folder: string): Promise<PartState & { began: number }> {
    const seen = this.#seen.get(folder);
    let began = seen?.began;
    let state: PartState | undefined;
    for await (const chunk of this.#list(folder, seen?.offset ?? 0)) {
      const offset = Number(chunk.name);
      state = { length: offset + sizeOf(chunk), done: sizeOf(chunk) === 0 };
      began ??= chunk.modified;
      this.#remember(folder, { offset, began });
    }
    if (state !== undefined && began !== undefined) return { ...state, began };
    if (seen === undefined) return { length: 0, done: false, began: Infinity };
    this.#seen.delete(folder);
    return this.#look(folder);
  }

  #remember(folder: string, seen: Seen): void {
    this.#seen.delete(folder);
    this.#seen.set(folder, seen);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > maxSeen && oldest !== undefined) this.#seen.delete(oldest);
  }

  async *read(part: Part, range: { from?: number; to?: number } = {}): AsyncGenerator<Uint8Array> {
    const folder = folderOf(part);
    const from = range.from ?? 0;
    const to = range.to ?? (await this.#look(folder)).length;
    const chunks = ahead(this.#chunks(folder, from, to), sizeOf, async (chunk) => {
      const key = `${folder}/${chunk.name}`;
      return { offset: Number(chunk.name), content: contentOf(key, await this.#objects.get(key)) };
    });
    let at = from;
    for await (const { offset, content } of chunks) {
      if (offset > at) break;
      yield content.subarray(from - Math.min(from, offset), to - offset);
      at = offset + content.length;
    }
    // Chunks are written in order and never removed alone: a hole was made by somebody else.
    if (at < to) throw new DamagedError(`${folder} is damaged: bytes from ${at} on are gone`);
  }

  /** The chunks that have bytes of [from, to). Who follows a part asks from where a chunk begins. */
  async *#chunks(folder: string, from: number, to: number): AsyncGenerator<Listed> {
    const start = from > 0 && (await this.#begins(folder, from)) ? from : 0;
    for await (const chunk of this.#list(folder, start)) {
      const offset = Number(chunk.name);
      if (offset >= to) return;
      if (offset + sizeOf(chunk) > from) yield chunk;
    }
  }

  async #begins(folder: string, offset: number): Promise<boolean> {
    for await (const { name } of this.#list(folder, offset)) return Number(name) === offset;
    return false;
  }

  /** The chunks from an offset on. Other files may come and go in a directory: NFS renames what is removed while open. */
  async *#list(folder: string, from: number): AsyncGenerator<Listed> {
    for await (const one of this.#objects.list(folder, from === 0 ? undefined : nameOf(from - 1)))
      if (chunkName.test(one.name)) yield one;
  }

  async seal(task: string, seal: Seal): Promise<Seal> {
    const key = `${taskFolder(task)}/seal.json`;
    if (await this.#objects.create(key, withDigest(Buffer.from(JSON.stringify(seal))))) return seal;
    const stands = await this.sealOf(task);
    if (stands === undefined) throw new DamagedError(`${key} was there and is gone`);
    return stands;
  }

  async sealOf(task: string): Promise<Seal | undefined> {
    const key = `${taskFolder(task)}/seal.json`;
    const object = await this.#objects.get(key);
    return object === undefined ? undefined : (JSON.parse(Buffer.from(contentOf(key, object)).toString()) as Seal);
  }

  async putProgress(task: string, progress: string, shard = 0): Promise<void> {
    await this.#objects.replace(progressKey(task, shard), progress);
  }

  async progressOf(task: string, shard = 0): Promise<string | undefined> {
    return textOf(await this.#objects.get(progressKey(task, shard)));
  }

  async putNamespace(task: string, namespace: string): Promise<void> {
    const key = `${taskFolder(task)}/namespace`;
    if ((await this.#objects.get(key)) !== undefined || !(await this.#keepsAnything(task))) return;
    await this.#objects.create(key, Buffer.from(namespace));
  }

  async namespaceOf(task: string): Promise<string | undefined> {
    return textOf(await this.#objects.get(`${taskFolder(task)}/namespace`));
  }

  async #keepsAnything(task: string): Promise<boolean> {
    for await (const _ of this.#objects.list(taskFolder(task))) return true;
    return (await this.#objects.folders(taskFolder(task))).length > 0;
  }

  async tasks(): Promise<readonly string[]> {
    return this.#objects.folders("tasks");
  }

  async remove(task: string): Promise<void> {
    const folder = taskFolder(task);
    await this.#objects.removeFolder(folder);
    for (const key of this.#seen.keys()) if (key.startsWith(`${folder}/`)) this.#seen.delete(key);
  }
}

const taskFolder = (task: string): string => `tasks/${safeName(task)}`;
const progressKey = (task: string, shard: number): string =>
  `${taskFolder(task)}/progress${shard === 0 ? "" : `-${shard}`}.json`;
const folderOf = (part: Part): string => `${taskFolder(part.task)}/${part.stream}/${safeName(part.name)}`;
const chunkName = /^\d{16}$/;
const nameOf = (offset: number): string => String(offset).padStart(16, "0");
const keyOf = (folder: string, offset: number): string => `${folder}/${nameOf(offset)}`;
const sizeOf = ({ sizeBytes }: Listed): number => sizeBytes - digestBytes;
const textOf = (object: Uint8Array | undefined): string | undefined =>
  object === undefined ? undefined : Buffer.from(object).toString();
const misfit = (length: number, offset: number): OffsetError =>
  new OffsetError(length, `the part ends at ${length}, not at ${offset}`);
