/**
 * Objects in a bucket of S3, or of what speaks its protocol. What fails is tried again by the client, a few times and
 * within seconds; then the caller hears that the store is not available, and repeats its call when it likes: creating
 * twice does no harm. The client is loaded only here, and finds its credentials by itself: in the environment, in
 * mounted files, or by the identity of the pod.
 */
import { addAbortSignal, Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { checkCreateOnly, StoreUnavailableError, UnsuitableStoreError } from "./objects.ts";
import type { Listed, Objects } from "./objects.ts";

export interface S3Settings {
  readonly bucket: string;
  /** Stands before every key; empty or ending in a slash. */
  readonly prefix: string;
  /** Absent: Amazon's own, by region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Whether the bucket's name stands in the path of the URL and not in the name of its host. */
  readonly forcePathStyle: boolean;
}

const attempts = 4;
const connectMs = 3_000;
const patience: Patience = { requestMs: 10_000 };
const removedAtOnce = 8;

interface Patience {
  /** Of one attempt, until its answer begins, and until all of it is there. */
  readonly requestMs: number;
}

type Sdk = Pick<
  typeof import("@aws-sdk/client-s3"),
  | "DeleteObjectCommand"
  | "GetObjectCommand"
  | "ListObjectsV2Command"
  | "NoSuchKey"
  | "PutObjectCommand"
  | "S3Client"
  | "S3ServiceException"
>;

/** @throws UnsuitableStoreError, StoreUnavailableError */
export async function s3Objects(settings: S3Settings, { requestMs } = patience): Promise<Objects> {
  const sdk: Sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
    // Each object carries its own SHA-256; servers other than Amazon's do not all know the checksums of this client.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const objects = new BucketObjects(sdk, client, { ...settings, requestMs });
  try {
    await checkCreateOnly(objects);
  } catch (error) {
    const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
    const status = statusOf(sdk, cause);
    if (status === undefined || status < 400 || status >= 500) throw error;
    throw new UnsuitableStoreError(`bucket ${settings.bucket} cannot be used: ${wordOf(cause)}`, { cause });
  }
  return objects;
}

class BucketObjects implements Objects {
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #requestMs: number;

  constructor(sdk: Sdk, client: S3Client, { bucket, prefix, requestMs }: S3Settings & Patience) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#requestMs = requestMs;
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    const put = new this.#sdk.PutObjectCommand({ ...this.#at(key), Body: bytes, IfNoneMatch: "*" });
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.send(put);
        return true;
      } catch (error) {
        const status = statusOf(this.#sdk, error);
        if (status === 412) return false;
        // Another one creates the same key at this moment: asked again, the server knows who was first.
        if (status !== 409 || attempt === attempts) throw unavailable(error);
      }
    }
  }

  async replace(key: string, text: string): Promise<void> {
    await this.#sent(this.#client.send(new this.#sdk.PutObjectCommand({ ...this.#at(key), Body: Buffer.from(text) })));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    for (let attempt = 1; ; attempt++) {
      const body = await this.#bodyOf(key);
      if (body === undefined) return undefined;
      try {
        return await bytesOf(body, this.#requestMs);
      } catch (error) {
        // The client tries its requests again, but not a body that broke off.
        if (attempt === attempts) throw unavailable(error);
      }
    }
  }

  async #bodyOf(key: string): Promise<unknown> {
    try {
      return (await this.#client.send(new this.#sdk.GetObjectCommand(this.#at(key)))).Body;
    } catch (error) {
      if (error instanceof this.#sdk.NoSuchKey) return undefined;
      throw unavailable(error);
    }
  }

  async *list(folder: string, after?: string): AsyncGenerator<Listed> {
    const inside = `${this.#prefix}${folder}/`;
    for await (const { Contents = [] } of this.#pages(inside, { after, delimiter: "/" })) {
      for (const { Key = "", Size = 0, LastModified } of Contents) {
        if (Key !== inside)
          yield { name: Key.slice(inside.length), sizeBytes: Size, modified: LastModified?.getTime() ?? 0 };
      }
    }
  }

  async folders(folder: string): Promise<string[]> {
    const inside = `${this.#prefix}${folder}/`;
    const names: string[] = [];
    for await (const { CommonPrefixes = [] } of this.#pages(inside, { delimiter: "/" })) {
      names.push(...CommonPrefixes.map(({ Prefix = "" }) => Prefix.slice(inside.length, -1)));
    }
    return names;
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#client.send(new this.#sdk.DeleteObjectCommand(this.#at(key)));
    } catch (error) {
      // For Amazon's it is no error that there is nothing to remove; for others it is when somebody else was faster.
      if (!(error instanceof this.#sdk.NoSuchKey)) throw unavailable(error);
    }
  }

  async removeFolder(folder: string): Promise<void> {
    for await (const { Contents = [] } of this.#pages(`${this.#prefix}${folder}/`, {})) {
      const keys = Contents.map(({ Key = "" }) => Key.slice(this.#prefix.length));
      for (let from = 0; from < keys.length; from += removedAtOnce)
        await Promise.all(keys.slice(from, from + removedAtOnce).map((key) => this.remove(key)));
    }
  }

  async *#pages(inside: string, { after, delimiter }: { after?: string | undefined; delimiter?: string }) {
    let next: string | undefined;
    do {
      const command = new this.#sdk.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: inside,
        Delimiter: delimiter,
        StartAfter: after === undefined ? undefined : inside + after,
        ContinuationToken: next,
      });
      const page = await this.#sent(this.#client.send(command));
      yield page;
      next = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
  }

  async #sent<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw unavailable(error);
    }
  }
}

async function bytesOf(body: unknown, withinMs: number): Promise<Uint8Array> {
  if (!(body instanceof Readable)) throw new Error("the answer has no body");
  const pieces: Buffer[] = [];
  for await (const piece of addAbortSignal(AbortSignal.timeout(withinMs), body)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function statusOf(sdk: Sdk, error: unknown): number | undefined {
  return error instanceof sdk.S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** The client's word alone: its error also holds the whole answer. */
function unavailable(error: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`the bucket does not serve us: ${wordOf(error)}`, { cause: error });
}

function wordOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
