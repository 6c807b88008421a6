/**
 * The artifact store in a directory, for one API process:
 *
 *   tasks/<uid>/model/0/0000000000000000.<sha256>     a chunk: its offset, its digest
 *                      /done                          the part's length, once its last chunk was received
 *              /seal.json, progress.json, namespace
 *   work/                                             unfinished files, emptied at start
 *
 * Names tell everything but the length of a part's last chunk, so nothing is held in memory and nothing can get out
 * of step with the disk.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Stream } from "../../traintask/contract.ts";
import { makeDirectory, writeWhole } from "./durable-file.ts";
import { DamagedError, OffsetError } from "./store.ts";
import type { ArtifactStore, Chunk, Part, PartState, Seal } from "./store.ts";
import { turns } from "./turns.ts";

interface StoredChunk {
  readonly offset: number;
  readonly digest: string;
  readonly file: string;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

async function orMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function directoryStore(root: string): Promise<ArtifactStore> {
  const workDirectory = path.join(root, "work");
  await rm(workDirectory, { recursive: true, force: true });
  await makeDirectory(workDirectory);
  await makeDirectory(path.join(root, "tasks"));
  return new DirectoryStore(root, workDirectory);
}

class DirectoryStore implements ArtifactStore {
  readonly #tasks: string;
  readonly #workDirectory: string;
  /** One writer of a part at a time: between looking where it ends and appending there, nobody else appends. */
  readonly #inTurn = turns();

  constructor(root: string, workDirectory: string) {
    this.#tasks = path.join(root, "tasks");
    this.#workDirectory = workDirectory;
  }

  #directory(part: Part): string {
    return path.join(this.#tasks, safeName(part.task), part.stream, safeName(part.name));
  }

  async append(part: Part, chunk: Chunk): Promise<PartState> {
    const directory = this.#directory(part);
    return this.#inTurn(directory, async () => {
      const { chunks, length, done } = await look(directory);
      const digest = sha256(chunk.bytes);
      const again = chunks.find((one) => one.offset === chunk.offset);
      if (again !== undefined && chunk.bytes.length > 0) {
        if (again.digest !== digest) throw new OffsetError(length, `another chunk stands at ${chunk.offset}`);
        return chunk.last && !done && again === chunks.at(-1) ? this.#finish(directory, length) : { length, done };
      }
      if (chunk.offset !== length) throw new OffsetError(length, `the part ends at ${length}, not at ${chunk.offset}`);
      if (done && chunk.bytes.length > 0) throw new OffsetError(length, "the part is done");
      if (chunk.bytes.length > 0) {
        await makeDirectory(directory);
        const name = `${String(chunk.offset).padStart(16, "0")}.${digest}`;
        await writeWhole({ file: path.join(directory, name), bytes: chunk.bytes, workDirectory: this.#workDirectory });
      }
      const end = length + chunk.bytes.length;
      return chunk.last && !done ? this.#finish(directory, end) : { length: end, done };
    });
  }

  async #finish(directory: string, length: number): Promise<PartState> {
    await makeDirectory(directory);
    await writeWhole({ file: path.join(directory, "done"), bytes: String(length), workDirectory: this.#workDirectory });
    return { length, done: true };
  }

  async state(part: Part): Promise<PartState> {
    const { length, done } = await look(this.#directory(part));
    return { length, done };
  }

  async parts(task: string, stream: Stream): Promise<(PartState & { name: string })[]> {
    const directory = path.join(this.#tasks, safeName(task), stream);
    const names = (await orMissing(readdir(directory))) ?? [];
    const parts = await Promise.all(
      names.map(async (name) => {
        const { chunks, length, done } = await look(path.join(directory, name));
        const first = chunks[0]?.file ?? path.join(directory, name);
        return { name, length, done, began: (await orMissing(stat(first)))?.mtimeMs ?? 0 };
      }),
    );
    return parts
      .toSorted((a, b) => a.began - b.began || (a.name < b.name ? -1 : 1))
      .map(({ name, length, done }) => ({ name, length, done }));
  }

  async *read(part: Part, range: { from?: number; to?: number } = {}): AsyncGenerator<Uint8Array> {
    const { chunks, length } = await look(this.#directory(part));
    const from = range.from ?? 0;
    const to = range.to ?? length;
    let at = from;
    for (const [index, chunk] of chunks.entries()) {
      const end = chunks[index + 1]?.offset ?? length;
      if (end <= from || chunk.offset >= to) continue;
      if (chunk.offset > at) break;
      const bytes = await readFile(chunk.file);
      if (sha256(bytes) !== chunk.digest)
        throw new DamagedError(`${chunk.file} is damaged: its bytes do not have the digest in its name`);
      yield bytes.subarray(Math.max(0, from - chunk.offset), to - chunk.offset);
      at = chunk.offset + bytes.length;
    }
    // Chunks are written in order and never removed alone: a hole was made by somebody else.
    if (at < to) throw new DamagedError(`${this.#directory(part)} is damaged: bytes from ${at} on are gone`);
  }

  async seal(task: string, seal: Seal): Promise<Seal> {
    const directory = path.join(this.#tasks, safeName(task));
    return this.#inTurn(directory, async () => {
      const stands = await this.sealOf(task);
      if (stands !== undefined) return stands;
      await makeDirectory(directory);
      await writeWhole({
        file: path.join(directory, "seal.json"),
        bytes: JSON.stringify(seal),
        workDirectory: this.#workDirectory,
      });
      return seal;
    });
  }

  async sealOf(task: string): Promise<Seal | undefined> {
    const text = await orMissing(readFile(path.join(this.#tasks, safeName(task), "seal.json"), "utf8"));
    return text === undefined ? undefined : (JSON.parse(text) as Seal);
  }

  async putProgress(task: string, progress: string): Promise<void> {
    const directory = path.join(this.#tasks, safeName(task));
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, "progress.json");
    await writeWhole({ file, bytes: progress, workDirectory: this.#workDirectory, durable: false });
  }

  async progressOf(task: string): Promise<string | undefined> {
    return orMissing(readFile(path.join(this.#tasks, safeName(task), "progress.json"), "utf8"));
  }

  async putNamespace(task: string, namespace: string): Promise<void> {
    const file = path.join(this.#tasks, safeName(task), "namespace");
    if ((await orMissing(stat(file))) !== undefined) return;
    // Without its directory there is nothing of the task to keep, and nothing to note.
    await orMissing(writeWhole({ file, bytes: namespace, workDirectory: this.#workDirectory }));
  }

  async namespaceOf(task: string): Promise<string | undefined> {
    return orMissing(readFile(path.join(this.#tasks, safeName(task), "namespace"), "utf8"));
  }

  async tasks(): Promise<string[]> {
    return readdir(this.#tasks);
  }

  /** Moves the task's directory away first: a crash in the middle leaves nothing half removed. */
  async remove(task: string): Promise<void> {
    const leaving = path.join(this.#workDirectory, randomUUID());
    await orMissing(rename(path.join(this.#tasks, safeName(task)), leaving));
    await rm(leaving, { recursive: true, force: true });
  }
}

/** Names become paths: whatever is not plain is refused here, wherever it came from. */
function safeName(name: string): string {
  if (!/^[0-9A-Za-z][0-9A-Za-z.-]{0,199}$/.test(name) || name.includes(".."))
    throw new Error(`"${name}" cannot be the name of an artifact`);
  return name;
}

async function look(directory: string): Promise<PartState & { chunks: StoredChunk[] }> {
  const names = (await orMissing(readdir(directory))) ?? [];
  const chunks = names
    .filter((name) => name !== "done")
    .toSorted()
    .map((name) => ({ offset: Number(name.slice(0, 16)), digest: name.slice(17), file: path.join(directory, name) }));
  const last = chunks.at(-1);
  const length = last === undefined ? 0 : last.offset + ((await orMissing(stat(last.file)))?.size ?? 0);
  return { chunks, length, done: names.includes("done") };
}
