/**
 * Objects as files of a directory, which several machines may share if its file system has hard links (a local disk,
 * NFS, CephFS):
 *
 *   tasks/<uid>/model/0/0000000000000000    an object: its key is its path
 *   work/                                   unfinished files, and folders that are being removed
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { createFile, makeDirectory, replaceFile } from "./durable-file.ts";
import { checkCreateOnly, UnsuitableStoreError } from "./objects.ts";
import type { Listed, Objects } from "./objects.ts";

/** Nobody writes at one file for longer, so what is older was left behind by a process that is gone. */
const leftBehindMs = 2 * 3_600_000;

/** @throws UnsuitableStoreError when the file system lacks what is needed */
export async function directoryObjects(root: string, now: number): Promise<Objects> {
  const workDirectory = path.join(root, "work");
  await makeDirectory(workDirectory);
  await removeLeftBehind(workDirectory, now);
  const objects = new DirectoryObjects(root, workDirectory);
  try {
    await checkCreateOnly(objects);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw cause;
    throw new UnsuitableStoreError(`the file system of ${root} has no hard links (${code}); use another, or S3`, {
      cause,
    });
  }
  return objects;
}

async function removeLeftBehind(workDirectory: string, now: number): Promise<void> {
  for (const name of await readdir(workDirectory)) {
    const file = path.join(workDirectory, name);
    const modified = (await orMissing(stat(file)))?.mtimeMs;
    if (modified !== undefined && modified < now - leftBehindMs) await rm(file, { recursive: true, force: true });
  }
}

class DirectoryObjects implements Objects {
  readonly #root: string;
  readonly #workDirectory: string;

  constructor(root: string, workDirectory: string) {
    this.#root = root;
    this.#workDirectory = workDirectory;
  }

  #path(key: string): string {
    return path.join(this.#root, key);
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    const file = this.#path(key);
    await makeDirectory(path.dirname(file));
    return createFile({ file, bytes, workDirectory: this.#workDirectory });
  }

  async replace(key: string, text: string): Promise<void> {
    const file = this.#path(key);
    await mkdir(path.dirname(file), { recursive: true });
    await replaceFile({ file, bytes: text, workDirectory: this.#workDirectory });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return orMissing(readFile(this.#path(key)));
  }

  async *list(folder: string, after = ""): AsyncGenerator<Listed> {
    const entries = (await orMissing(readdir(this.#path(folder), { withFileTypes: true }))) ?? [];
    const names = entries.filter((entry) => entry.isFile() && entry.name > after).map(({ name }) => name);
    for (const name of names.toSorted()) {
      const facts = await orMissing(stat(path.join(this.#path(folder), name)));
      if (facts !== undefined) yield { name, sizeBytes: facts.size, modified: facts.mtimeMs };
    }
  }

  async folders(folder: string): Promise<string[]> {
    const entries = (await orMissing(readdir(this.#path(folder), { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  /** Moves it away first: a crash in the middle leaves nothing half removed. */
  async removeFolder(folder: string): Promise<void> {
    const leaving = path.join(this.#workDirectory, randomUUID());
    await orMissing(rename(this.#path(folder), leaving));
    await rm(leaving, { recursive: true, force: true });
  }
}

async function orMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}
