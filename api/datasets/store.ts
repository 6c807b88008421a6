/**
 * Tables that people have sent, by namespace and digest. A dataset never changes; sending the same bytes again finds
 * it. Its digest is known when all of it is there, so the bytes go ahead of it:
 *
 *   datasets/uploads/<uuid>/00000000                   the table, piece by piece
 *   datasets/tables/<namespace>/<sha256>/facts.json    what is known of it, and where its pieces are
 *                                       /used          when it was last used
 *
 * The facts come last, so a dataset is there completely or not at all.
 */
import { createHash, randomUUID } from "node:crypto";
import type { CsvFormat } from "../../data/csv-format.ts";
import { type ByteLimits, inflated } from "../../data/inflate.ts";
import { inspectCsv } from "../../data/inspect.ts";
import type { Inspection } from "../../data/inspect.ts";
import type { Clock } from "../../kube/clock.ts";
import { datasetUriPrefix } from "../../traintask/names.ts";
import { contentOf, DamagedError, withDigest } from "../artifacts/objects.ts";
import type { Objects } from "../artifacts/objects.ts";
import { inPieces } from "./pieces.ts";

export interface Dataset extends Inspection {
  /** `sha256:<hex>` over the bytes as they were sent. */
  readonly digest: string;
  /** What a task names as `dataset.uri`. */
  readonly uri: string;
  readonly sizeBytes: number;
}

/** The table would not fit. */
export class DatasetTooLargeError extends Error {
  override readonly name = "DatasetTooLargeError";
}

export interface DatasetStore {
  /**
   * Stores a table as it is sent, plain or compressed; durable when it returns.
   * @param format how the table is written, for the look at it
   * @throws DataError when it is not a well-formed table, DatasetTooLargeError
   */
  put(namespace: string, pieces: AsyncIterable<Uint8Array>, format?: CsvFormat): Promise<Dataset>;
  list(namespace: string): Promise<readonly Dataset[]>;
  get(namespace: string, digest: string): Promise<Dataset | undefined>;
  /** @throws DamagedError when its bytes are no longer what was sent, or are gone */
  read(namespace: string, digest: string): AsyncIterable<Uint8Array>;
  /** Notes that it is used now. */
  touch(namespace: string, digest: string): Promise<void>;
  remove(namespace: string, digest: string): Promise<void>;
  /** Datasets that nobody has used since `before` (milliseconds since 1970). */
  unused(before: number): Promise<readonly { readonly namespace: string; readonly digest: string }[]>;
  /** Removes what was uploaded before `before` and never became a dataset. */
  removeUnfinished(before: number): Promise<void>;
}

export interface DatasetStoreOptions {
  readonly objects: Objects;
  readonly clock: Pick<Clock, "now">;
  /** Of all datasets of a namespace together. */
  readonly maxNamespaceBytes: number;
}

/** What is stored of a dataset beside its bytes. */
interface Facts {
  readonly dataset: Dataset;
  /** The folder of its pieces. */
  readonly upload: string;
}

interface Upload {
  /** The folder of its pieces. */
  readonly upload: string;
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly inspect: (stored: AsyncIterable<Uint8Array>) => Promise<Inspection>;
}

/** What is sent is bounded by who calls, and by the namespace's room. */
const sentLimits: ByteLimits = { maxBytes: Infinity, maxInflatedBytes: 2 ** 33 };

const tables = "datasets/tables";
const uploads = "datasets/uploads";
const digestPattern = /^sha256:([0-9a-f]{64})$/;

export function datasetStore(options: DatasetStoreOptions): DatasetStore {
  return new StoredDatasets(options);
}

class StoredDatasets implements DatasetStore {
  readonly #options: DatasetStoreOptions;
  readonly #objects: Objects;
  constructor(options: DatasetStoreOptions) {
    this.#options = options;
    this.#objects = options.objects;
  }

  async put(namespace: string, pieces: AsyncIterable<Uint8Array>, format: CsvFormat = {}): Promise<Dataset> {
    const upload = randomUUID();
    const inspect = (stored: AsyncIterable<Uint8Array>): Promise<Inspection> =>
      inspectCsv(inflated(stored, sentLimits), { format });
    try {
      const dataset = await this.#upload(namespace, { upload, pieces, inspect });
      const facts: Facts = { dataset, upload };
      const key = `${folderOf(namespace, dataset.digest)}/facts.json`;
      const isNew = await this.#objects.create(key, withDigest(Buffer.from(JSON.stringify(facts))));
      await this.touch(namespace, dataset.digest);
      if (!isNew) await this.#objects.removeFolder(`${uploads}/${upload}`);
      return dataset;
    } catch (error) {
      // What cannot be removed now is swept later.
      await this.#objects.removeFolder(`${uploads}/${upload}`).catch(() => undefined);
      throw error;
    }
  }

  async #upload(namespace: string, { upload, pieces, inspect }: Upload): Promise<Dataset> {
    const objects = this.#objects;
    const room = this.#options.maxNamespaceBytes - (await this.#size(namespace));
    const hash = createHash("sha256");
    let sizeBytes = 0;
    let count = 0;
    const stored = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(pieces)) {
        sizeBytes += piece.length;
        if (sizeBytes > room)
          throw new DatasetTooLargeError(`The datasets of namespace ${namespace} would not fit any more; delete some.`);
        hash.update(piece);
        await objects.create(pieceKey(upload, count++), withDigest(piece));
        yield piece;
      }
    };
    const inspection = await inspect(stored());
    const digest = `sha256:${hash.digest("hex")}`;
    return { digest, uri: datasetUriPrefix + digest, sizeBytes, ...inspection };
  }

  async #size(namespace: string): Promise<number> {
    return (await this.list(namespace)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  async list(namespace: string): Promise<Dataset[]> {
    const datasets = await Promise.all((await this.#digests(namespace)).map((digest) => this.get(namespace, digest)));
    return datasets.filter((one) => one !== undefined);
  }

  async #digests(namespace: string): Promise<string[]> {
    const names = await this.#objects.folders(`${tables}/${namespace}`);
    return names.toSorted().map((name) => `sha256:${name}`);
  }

  async #facts(namespace: string, digest: string): Promise<Facts | undefined> {
    const key = `${folderOf(namespace, digest)}/facts.json`;
    const object = await this.#objects.get(key);
    return object === undefined ? undefined : (JSON.parse(Buffer.from(contentOf(key, object)).toString()) as Facts);
  }

  async get(namespace: string, digest: string): Promise<Dataset | undefined> {
    return digestPattern.test(digest) ? (await this.#facts(namespace, digest))?.dataset : undefined;
  }

  async *read(namespace: string, digest: string): AsyncGenerator<Uint8Array> {
    const facts = await this.#facts(namespace, digest);
    if (facts === undefined) throw new DamagedError(`dataset ${digest} of namespace ${namespace} is gone`);
    for (let at = 0, count = 0; at < facts.dataset.sizeBytes; count++) {
      const key = pieceKey(facts.upload, count);
      const piece = contentOf(key, await this.#objects.get(key));
      yield piece;
      at += piece.length;
    }
  }

  async touch(namespace: string, digest: string): Promise<void> {
    const now = new Date(this.#options.clock.now()).toISOString();
    await this.#objects.replace(`${folderOf(namespace, digest)}/used`, now);
  }

  async remove(namespace: string, digest: string): Promise<void> {
    const upload = (await this.#facts(namespace, digest))?.upload;
    await this.#objects.removeFolder(folderOf(namespace, digest));
    if (upload !== undefined) await this.#objects.removeFolder(`${uploads}/${upload}`);
  }

  async unused(before: number): Promise<{ namespace: string; digest: string }[]> {
    const found: { namespace: string; digest: string }[] = [];
    for await (const { namespace, digest } of this.#all()) {
      const used = await this.#objects.get(`${folderOf(namespace, digest)}/used`);
      const at = Date.parse(Buffer.from(used ?? []).toString());
      // Nobody has said so, or the word was lost in a power cut: it is used from now on.
      if (Number.isNaN(at)) await this.touch(namespace, digest);
      else if (at < before) found.push({ namespace, digest });
    }
    return found;
  }

  async *#all(): AsyncGenerator<{ namespace: string; digest: string }> {
    for (const namespace of await this.#objects.folders(tables))
      for (const digest of await this.#digests(namespace)) yield { namespace, digest };
  }

  async removeUnfinished(before: number): Promise<void> {
    // Uploads first: whichever becomes a dataset in the meantime is found among the datasets.
    const names = await this.#objects.folders(uploads);
    const kept = new Set<string | undefined>();
    for await (const { namespace, digest } of this.#all()) kept.add((await this.#facts(namespace, digest))?.upload);
    for (const name of names.filter((one) => !kept.has(one))) {
      if (await this.#wasBefore(`${uploads}/${name}`, before)) await this.#objects.removeFolder(`${uploads}/${name}`);
    }
  }

  async #wasBefore(folder: string, before: number): Promise<boolean> {
    for await (const { modified } of this.#objects.list(folder)) return modified < before;
    return false;
  }
}

/** Namespaces and digests are checked by those who call, and once more here. */
function folderOf(namespace: string, digest: string): string {
  const hex = digestPattern.exec(digest)?.[1];
  if (hex === undefined || !/^[a-z0-9-]+$/.test(namespace))
    throw new Error(`${namespace}/${digest} is no dataset's name`);
  return `${tables}/${namespace}/${hex}`;
}

const pieceKey = (upload: string, count: number): string => `${uploads}/${upload}/${String(count).padStart(8, "0")}`;
