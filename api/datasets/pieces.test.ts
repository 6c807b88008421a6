import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPieces } from "./pieces.ts";

describe("pieces", () => {
  it("are all of one size but for the last, none is empty, and together they are what came", async () => {
    const source = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });
    const property = fc.asyncProperty(source, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
      const coming = async function* (): AsyncGenerator<Uint8Array> {
        yield* parts;
      };
      const pieces: Uint8Array[] = [];
      for await (const piece of inPieces(coming(), size)) pieces.push(piece);
      expect(Buffer.concat(pieces)).toEqual(Buffer.concat(parts));
      for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(size);
      for (const piece of pieces) expect(piece.length).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
