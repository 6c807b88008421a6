/**
 * Files that are there completely or not at all, also after a power cut: written beside, flushed, moved into place,
 * and the directory flushed, for a name lives in the directory.
 */
import { link, mkdir, open, rename, rm } from "node:fs/promises";
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
  /** Where it shall stand; its directory exists. */
  readonly file: string;
  readonly bytes: Uint8Array | string;
  /** A directory on the same file system for the unfinished file. */
  readonly workDirectory: string;
}

/**
 * Durable when it returns. A link, unlike a renamed file, takes nobody's place, also on a file system that several
 * machines use.
 * @returns false when a file stands there, which then is as it was
 */
export async function createFile({ file, bytes, workDirectory }: FileToWrite): Promise<boolean> {
  const unfinished = path.join(workDirectory, randomUUID());
  try {
    await writeUnfinished(unfinished, bytes, "durable");
    return await linkUnlessThere(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
    await flushDirectory(path.dirname(file));
  }
}

async function linkUnlessThere(from: string, file: string): Promise<boolean> {
  try {
    await link(from, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** A file that stands there is replaced; not durable. */
export async function replaceFile({ file, bytes, workDirectory }: FileToWrite): Promise<void> {
  const unfinished = path.join(workDirectory, randomUUID());
  try {
    await writeUnfinished(unfinished, bytes, "passing");
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeUnfinished(file: string, bytes: Uint8Array | string, kind: "durable" | "passing"): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    if (kind === "durable") await handle.sync();
  } finally {
    await handle.close();
  }
}
