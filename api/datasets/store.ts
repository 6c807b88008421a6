/**
 * Tables that people have sent, by namespace and digest. A dataset never changes; sending the same bytes again finds
 * it. On disk, `<namespace>/<sha256>.csv` is the table and `<sha256>.json` what is known of it; the second is written
 * last, so a dataset is there completely or not at all, and its modification time is when it was last used.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import type { Inspection } from "../../data/inspect.ts";
import { inspectCsv } from "../../data/inspect.ts";
import type { Clock } from "../../kube/clock.ts";
import { datasetUriPrefix } from "../../traintask/names.ts";
import { makeDirectory, writeWhole } from "../artifacts/durable-file.ts";

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
   * Stores a table; durable when it returns.
   * @throws DataError when it is not a well-formed table, DatasetTooLargeError
   */
  put(namespace: string, pieces: AsyncIterable<Uint8Array>): Promise<Dataset>;
  list(namespace: string): Promise<readonly Dataset[]>;
  get(namespace: string, digest: string): Promise<Dataset | undefined>;
  read(namespace: string, digest: string): AsyncIterable<Uint8Array>;
  /** Notes that it is used now. */
  touch(namespace: string, digest: string): Promise<void>;
  remove(namespace: string, digest: string): Promise<void>;
  /** Datasets that nobody has used since `before` (milliseconds since 1970). */
  unused(before: number): Promise<readonly { readonly namespace: string; readonly digest: string }[]>;
}

export interface DatasetStoreOptions {
  readonly root: string;
  readonly clock: Pick<Clock, "now">;
  /** Of all datasets of a namespace together. */
  readonly maxNamespaceBytes: number;
}

const digestPattern = /^sha256:([0-9a-f]{64})$/;

export async function datasetStore(options: DatasetStoreOptions): Promise<DatasetStore> {
  const workDirectory = path.join(options.root, "work");
  await rm(workDirectory, { recursive: true, force: true });
  await makeDirectory(workDirectory);
  return new DirectoryDatasets(options, workDirectory);
}

class DirectoryDatasets implements DatasetStore {
  readonly #options: DatasetStoreOptions;
  readonly #work: string;
  constructor(options: DatasetStoreOptions, work: string) {
    this.#options = options;
    this.#work = work;
  }

  /** Path of a dataset's file; namespaces and digests are checked by those who call, and once more here. */
  #file(namespace: string, digest: string, kind: "csv" | "json"): string {
    const hex = digestPattern.exec(digest)?.[1];
    if (hex === undefined || !/^[a-z0-9-]+$/.test(namespace))
      throw new Error(`${namespace}/${digest} is no dataset's name`);
    return path.join(this.#options.root, "tables", namespace, `${hex}.${kind}`);
  }

  async put(namespace: string, pieces: AsyncIterable<Uint8Array>): Promise<Dataset> {
    const room = this.#options.maxNamespaceBytes - (await this.#size(namespace));
    const unfinished = path.join(this.#work, randomUUID());
    const hash = createHash("sha256");
    let sizeBytes = 0;
    try {
      const handle = await open(unfinished, "wx", 0o600);
      const passing = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of pieces) {
          sizeBytes += piece.length;
          if (sizeBytes > room)
            throw new DatasetTooLargeError(
              `The datasets of namespace ${namespace} would not fit any more; delete some.`,
            );
          hash.update(piece);
          await handle.writeFile(piece);
          yield piece;
        }
      };
      let inspection: Inspection;
      try {
        inspection = await inspectCsv(passing());
        await handle.sync();
      } finally {
        await handle.close();
      }
      const digest = `sha256:${hash.digest("hex")}`;
      const dataset: Dataset = { digest, uri: datasetUriPrefix + digest, sizeBytes, ...inspection };
      await this.#keep(namespace, unfinished, dataset);
      return dataset;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async #keep(namespace: string, unfinished: string, dataset: Dataset): Promise<void> {
    const file = this.#file(namespace, dataset.digest, "csv");
    await makeDirectory(path.dirname(file));
    await rename(unfinished, file);
    const facts = this.#file(namespace, dataset.digest, "json");
    await writeWhole({ file: facts, bytes: JSON.stringify(dataset), workDirectory: this.#work });
    await this.touch(namespace, dataset.digest);
  }

  async #size(namespace: string): Promise<number> {
    return (await this.list(namespace)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  async list(namespace: string): Promise<Dataset[]> {
    const datasets = await Promise.all((await this.#digests(namespace)).map((digest) => this.get(namespace, digest)));
    return datasets.filter((one) => one !== undefined);
  }

  async #digests(namespace: string): Promise<string[]> {
    const names = await orEmpty(readdir(path.join(this.#options.root, "tables", namespace)));
    return names.filter((name) => name.endsWith(".json")).map((name) => `sha256:${name.slice(0, -".json".length)}`);
  }

  async get(namespace: string, digest: string): Promise<Dataset | undefined> {
    if (!digestPattern.test(digest)) return undefined;
    const [text] = await orEmpty(readFile(this.#file(namespace, digest, "json"), "utf8").then((one) => [one]));
    return text === undefined ? undefined : (JSON.parse(text) as Dataset);
  }

  read(namespace: string, digest: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#file(namespace, digest, "csv"));
  }

  async touch(namespace: string, digest: string): Promise<void> {
    const now = new Date(this.#options.clock.now());
    await orEmpty(utimes(this.#file(namespace, digest, "json"), now, now).then(() => []));
  }

  async remove(namespace: string, digest: string): Promise<void> {
    await rm(this.#file(namespace, digest, "json"), { force: true });
    await rm(this.#file(namespace, digest, "csv"), { force: true });
  }

  async unused(before: number): Promise<{ namespace: string; digest: string }[]> {
    const namespaces = await orEmpty(readdir(path.join(this.#options.root, "tables")));
    const found: { namespace: string; digest: string }[] = [];
    for (const namespace of namespaces) {
      for (const digest of await this.#digests(namespace)) {
        const { mtimeMs } = await stat(this.#file(namespace, digest, "json"));
        if (mtimeMs < before) found.push({ namespace, digest });
      }
    }
    return found;
  }
}

async function orEmpty<T>(work: Promise<T[]> | Promise<[]>): Promise<T[]> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
