/**
 * The bytes of a table without their compression, which is recognised by how it begins, whatever the file is called.
 * Both sides are bounded: a small file can inflate to one that never ends.
 */
import { pipeline, Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { CsvSource } from "./csv.ts";
import { DataError } from "./error.ts";

export interface ByteLimits {
  /** Of the data as it is sent. */
  readonly maxBytes: number;
  /** Of the data without its compression. */
  readonly maxInflatedBytes: number;
}

export const byteLimits: ByteLimits = { maxBytes: 2 ** 32, maxInflatedBytes: 2 ** 35 };

interface Compression {
  readonly name: string;
  readonly begins: readonly number[];
  readonly engine: () => Transform & { readonly bytesWritten: number };
}

const compressions: readonly Compression[] = [
  { name: "gzip", begins: [0x1f, 0x8b], engine: () => createGunzip() },
  { name: "zstd", begins: [0x28, 0xb5, 0x2f, 0xfd], engine: () => createZstdDecompress() },
];

/** What people send by mistake, and how it begins. */
const strangers: Readonly<Record<string, readonly number[]>> = {
  "a ZIP archive, as Excel's files are": [0x50, 0x4b, 0x03, 0x04],
  "compressed by bzip2": [0x42, 0x5a, 0x68],
  "compressed by xz": [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  "a Parquet file": [0x50, 0x41, 0x52, 0x31],
};
const longestBeginning = 5;

/**
 * The plain bytes of the data.
 * @throws DataError where the data is compressed in another way, is damaged or cut off, or passes a limit; and whatever
 * the source throws
 */
export async function* inflated(source: CsvSource, limits: ByteLimits = byteLimits): AsyncGenerator<Uint8Array> {
  const taken = bounded(source, limits.maxBytes);
  const { beginning, bytes } = await withBeginning(taken);
  const stranger = Object.entries(strangers).find(([, begins]) => startsWith(beginning, begins))?.[0];
  if (stranger !== undefined) {
    await taken.return(undefined);
    throw new DataError(`The data is ${stranger}: send CSV, as it is or compressed by gzip or zstd.`);
  }
  const compression = compressions.find(({ begins }) => startsWith(beginning, begins));
  if (compression === undefined) yield* bytes;
  else yield* decompressed(bytes, compression, limits);
}

async function* decompressed(
  bytes: AsyncIterable<Uint8Array>,
  { name, engine: open }: Compression,
  { maxInflatedBytes }: ByteLimits,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      sent += chunk.length;
      yield chunk;
    }
  };
  const engine = open();
  // What goes wrong in the source or the engine also ends the loop below.
  pipeline(Readable.from(counted(), { objectMode: false }), engine, () => undefined);
  let inflatedBytes = 0;
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      inflatedBytes += chunk.length;
      if (inflatedBytes > maxInflatedBytes) {
        const what = `The data inflates to more than ${maxInflatedBytes} bytes, the limit for a table without its ${name} compression.`;
        throw new DataError(what);
      }
      yield chunk;
    }
  } catch (error) {
    throw isOfEngine(error) ? damaged(name, error) : error;
  }
  if (engine.bytesWritten < sent) {
    throw new DataError(
      `Other bytes follow the end of the data's ${name} compression. Compress the whole table again, in one piece.`,
    );
  }
}

function isOfEngine(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && /^(Z_|ZSTD_|ERR_ZSTD)/.test(String(error.code));
}

function damaged(name: string, cause: NodeJS.ErrnoException): DataError {
  const what = cause.code === "Z_BUF_ERROR" ? "ends in the middle" : "is damaged";
  return new DataError(
    `The data's ${name} compression ${what}. Compress the table again and send all of it.`,
    {},
    { cause },
  );
}

async function* bounded(source: CsvSource, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of source) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > maxBytes) {
      throw new DataError(`The data has more than ${maxBytes} bytes, the limit for a table as it is sent.`);
    }
    yield bytes;
  }
}

/** The first bytes, and all of them, those included. */
async function withBeginning(
  source: AsyncGenerator<Uint8Array>,
): Promise<{ beginning: Uint8Array; bytes: AsyncIterable<Uint8Array> }> {
  let beginning: Uint8Array = new Uint8Array(0);
  while (beginning.length < longestBeginning) {
    const { done, value } = await source.next();
    if (done === true) break;
    beginning = beginning.length === 0 ? value : Buffer.concat([beginning, value]);
  }
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (beginning.length > 0) yield beginning;
      yield* source;
    } finally {
      await source.return(undefined);
    }
  };
  return { beginning, bytes: bytes() };
}

function startsWith(bytes: Uint8Array, begins: readonly number[]): boolean {
  return begins.every((byte, at) => bytes[at] === byte);
}
