/**
 * Files that are there completely or not at all, also after a power cut: written beside, flushed, renamed into place,
 * and the directory flushed, for a rename lives in the directory.
 */
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { randomUUID } from "node:crypto";

async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a directory and those above it, each one durable. Costs one call when it is there. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = path.dirname(made))
    await flushDirectory(path.dirname(made));
}

export interface FileToWrite {
  /** Where it shall stand; its directory exists. A file that stands there is replaced. */
  readonly file: string;
  readonly bytes: Uint8Array | string;
  /** A directory on the same file system for the unfinished file. */
  readonly workDirectory: string;
  /** Whether it must survive a crash; default yes. */
  readonly durable?: false;
}

export async function writeWhole({ file, bytes, workDirectory, durable }: FileToWrite): Promise<void> {
  const unfinished = path.join(workDirectory, randomUUID());
  try {
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      if (durable !== false) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  if (durable !== false) await flushDirectory(path.dirname(file));
}
