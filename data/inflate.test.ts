import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DataError } from "./error.ts";
import { inflated } from "./inflate.ts";

const limits = { maxBytes: 100_000, maxInflatedBytes: 500_000 };
const table = "a,b\n1,2\n".repeat(1000);
const compress = { gzip: gzipSync, zstd: zstdCompressSync };

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

async function read(bytes: Uint8Array, size = 7): Promise<string> {
  const taken: Uint8Array[] = [];
  for await (const chunk of inflated(inPieces(bytes, size), limits)) taken.push(chunk);
  return Buffer.concat(taken).toString();
}

describe("a table's bytes", () => {
  test("are passed on as they are where nothing is compressed", async () => {
    expect(await read(Buffer.from(table), 1000)).toBe(table);
    expect(await read(Buffer.from("a"))).toBe("a");
    expect(await read(Buffer.alloc(0))).toBe("");
  });

  test.each(Object.entries(compress))(
    "are inflated where they are compressed by %s, in pieces of any size",
    async (_, by) => {
      for (const size of [1, 7, 100_000]) expect(await read(by(table), size)).toBe(table);
    },
  );

  test("may be several gzip files one after the other, as gzip has it", async () => {
    expect(await read(Buffer.concat([gzipSync("a,b\n"), gzipSync("1,2\n")]))).toBe("a,b\n1,2\n");
  });

  const bad: Record<string, { bytes: Uint8Array; says: RegExp }> = {
    "gzip that is cut off": { bytes: gzipSync(table).subarray(0, -5), says: /gzip compression ends in the middle/ },
    "zstd that is cut off": { bytes: zstdCompressSync(table).subarray(0, -5), says: /zstd compression ends in the mi/ },
    "gzip whose checksum is another": {
      bytes: Buffer.concat([gzipSync(table).subarray(0, -8), Buffer.alloc(8, 1)]),
      says: /gzip compression is damaged/,
    },
    "zeros behind gzip": {
      bytes: Buffer.concat([gzipSync(table), Buffer.alloc(9)]),
      says: /Other bytes follow .* gzip/,
    },
    "a second frame behind zstd": {
      bytes: Buffer.concat([zstdCompressSync("a\n"), zstdCompressSync("1\n")]),
      says: /Other bytes follow .* zstd .* in one piece/,
    },
    "a small file that inflates to a large one": {
      bytes: gzipSync(Buffer.alloc(600_000)),
      says: /inflates to more than 500000 bytes, the limit .* without its gzip compression/,
    },
    "the same in zstd": { bytes: zstdCompressSync(Buffer.alloc(600_000)), says: /inflates to more than 500000 bytes/ },
    "more bytes than are taken": {
      bytes: Buffer.alloc(100_001, "a"),
      says: /more than 100000 bytes, .* as it is sent/,
    },
    "an Excel file": {
      bytes: Buffer.from("PK\u0003\u0004more"),
      says: /is a ZIP archive, as Excel's files are: send CSV/,
    },
    "a Parquet file": { bytes: Buffer.from("PAR1more"), says: /is a Parquet file/ },
    bzip2: { bytes: Buffer.from("BZh91AY"), says: /compressed by bzip2: send CSV/ },
    xz: { bytes: Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), says: /compressed by xz/ },
  };
  test.each(Object.entries(bad))("are refused: %s", async (_, { bytes, says }) => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(says);
  });

  test.each(Object.entries(compress))("of %s end with what their source throws", async (_, by) => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield by(table).subarray(0, 20);
      throw new RangeError("gone");
    }
    const all = async (): Promise<void> => {
      for await (const chunk of inflated(broken())) void chunk;
    };
    await expect(all()).rejects.toThrow(RangeError);
  });

  test.each(Object.entries(compress))("let go of their source when nobody wants more of %s", async (_, by) => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield by(table);
        for (;;) yield Buffer.alloc(1);
      } finally {
        closed = true;
      }
    }
    for await (const chunk of inflated(endless())) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => closed).toBe(true);
  });
});
