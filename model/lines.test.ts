import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelLines } from "./lines.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function lines(chunks: readonly Uint8Array[], options = {}): Promise<string[]> {
  const all: string[] = [];
  for await (const line of modelLines(chunks, options)) all.push(line);
  return all;
}

describe("lines of a model", () => {
  it("are the same however the bytes are cut, also within a character", async () => {
    const text = "größe\n木\n\nlast 🐜\n";
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes(text).length }), { maxLength: 8 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes(text).length];
        const chunks = at.slice(1).map((end, i) => bytes(text).subarray(at[i], end));
        expect(await lines(chunks)).toEqual(["größe", "木", "", "last 🐜"]);
      }),
    );
  });

  it("are none of an empty file", async () => {
    expect(await lines([])).toEqual([]);
  });

  it("refuse a file that ends in the middle of a line", async () => {
    await expect(lines([bytes("one\ntw")])).rejects.toThrow("line 2: the file ends in the middle of this line");
  });

  it("refuse a line beyond the bound, also before its end is there", async () => {
    await expect(lines([bytes("one\n12345\n")], { maxLineLength: 4 })).rejects.toThrow("line 2: is longer than 4");
    const endless = function* (): Generator<Uint8Array> {
      for (;;) yield bytes("xx");
    };
    const read = async (): Promise<void> => {
      for await (const line of modelLines(endless(), { maxLineLength: 100 })) expect(line).toBe("");
    };
    await expect(read()).rejects.toThrow("longer than 100");
  });

  it("refuse what is not UTF-8", async () => {
    await expect(lines([bytes("one\n"), Uint8Array.of(0xff, 0x0a)])).rejects.toThrow("line 2: is not UTF-8 text");
    await expect(lines([Uint8Array.of(0xe6, 0x9c)])).rejects.toThrow("line 1: is not UTF-8 text");
  });
});
