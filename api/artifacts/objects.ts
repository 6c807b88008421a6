/**
 * What models, reports, logs and datasets are kept in: byte strings under names like paths, in a directory or in a
 * bucket. Several API processes may use the same one at once, so there is no lock and nobody is "the" writer. All that
 * they agree by is `create`: of many who create the same key, one succeeds.
 */
import { createHash } from "node:crypto";

export interface Listed {
  /** Without its folder. */
  readonly name: string;
  readonly sizeBytes: number;
  /** When it was written, milliseconds since 1970; a bucket knows the second. */
  readonly modified: number;
}

export interface Objects {
  /**
   * Stores an object where there is none; durable when it returns.
   * @returns false when one stands there, which then is as it was
   */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Stores an object in place of what may stand there. Whole, but not durable: after a power cut it may be the one before. */
  replace(key: string, text: string): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** The objects right in a folder, by name; with `after` only those whose names come later. */
  list(folder: string, after?: string): AsyncIterable<Listed>;
  /** Names of the folders right in a folder. */
  folders(folder: string): Promise<readonly string[]>;
  /** Removes one object, if it is there. */
  remove(key: string): Promise<void>;
  /** Removes a folder with all that is in it. Broken off, it can be done again. */
  removeFolder(folder: string): Promise<void>;
}

/** What is stored is not what was written. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** The bucket or the directory does not answer, or refuses us: the same call may succeed later. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}

/** The bucket or the directory cannot be used as it is: whoever set it up has to do something. */
export class UnsuitableStoreError extends Error {
  override readonly name = "UnsuitableStoreError";
}

/** What is written once: a line with the SHA-256 of the content, then the content. */
export const digestBytes = 65;

/** The object that holds this content. */
export function withDigest(content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${sha256(content)}\n`), content]);
}

/**
 * The content of an object that `withDigest` made.
 * @throws DamagedError when it no longer has its digest, or is gone
 */
export function contentOf(key: string, object: Uint8Array | undefined): Uint8Array {
  if (object === undefined) throw new DamagedError(`${key} is gone`);
  const content = object.subarray(digestBytes);
  if (Buffer.from(object.subarray(0, digestBytes)).toString("latin1") !== `${sha256(content)}\n`)
    throw new DamagedError(`${key} is damaged: its bytes do not have the digest in its first line`);
  return content;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Names become keys: whatever is not plain is refused here, wherever it came from. */
export function safeName(name: string): string {
  if (!/^[0-9A-Za-z][0-9A-Za-z.-]{0,199}$/.test(name) || name.includes(".."))
    throw new Error(`"${name}" cannot be the name of an artifact`);
  return name;
}

const sign = "create-only";

/**
 * Makes sure that creating is refused where something stands, on which everything here relies: there are object
 * stores that ignore the condition.
 * @throws UnsuitableStoreError
 */
export async function checkCreateOnly(objects: Objects): Promise<void> {
  const bytes = Buffer.from("What stands here may not be replaced: looked at when TrainTask's API starts.\n");
  await objects.create(sign, bytes);
  if (await objects.create(sign, bytes))
    throw new UnsuitableStoreError(
      "the store replaces objects that were to be created only where there is none (If-None-Match: * is ignored): " +
        "two pods could then overwrite each other's work. Use another store.",
    );
}
