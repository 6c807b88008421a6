import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aHeader, anEnd, aTree, modelText } from "../test/builders/model.ts";
import { mergeParts } from "./merge.ts";
import { countedLines, type Part } from "./part.ts";
import { readModel } from "./predict.ts";

const header = aHeader({ randomForest: { nEstimators: 12 } });
const part =
  (...trees: readonly number[]) =>
  (): string[] =>
    modelText(header, ...trees.map((tree) => aTree({ tree })));

async function merged(...parts: readonly Part[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of mergeParts(parts)) lines.push(line);
  return lines;
}

describe("merging parts", () => {
  it("gives the same lines for any number of parts that hold the same trees", async () => {
    const all = Array.from({ length: 12 }, (_, i) => i);
    const whole = await merged(part(...all));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 }), async (shards) => {
        const parts = [0, 1, 2, 3].map((shard) => part(...all.filter((tree) => shards[tree] === shard)));
        expect(await merged(...parts)).toEqual(whole);
      }),
    );
    expect((await readModel(whole)).end).not.toHaveProperty("missing");
  });

  it("passes tree lines on as they were written, byte for byte", async () => {
    const [head, tree] = modelText(header, aTree());
    const spaced = tree!.replace(",", " , ");
    expect((await merged(() => [head!, spaced]))[1]).toBe(spaced);
  });

  it("names the trees that no part holds", async () => {
    const lines = await merged(part(0, 4), part(1), () => []);
    expect(lines.at(-1)).toContain('"trees":3,"missing":[[2,3],[5,11]]');
  });

  it("counts the lines of a part from its last header on", async () => {
    const older = modelText(aHeader({ grower: "test/0" }), aTree(), aTree({ tree: 5 }));
    const begunAgain: Part = () => [...older, ...part(0, 2)()];
    expect(await merged(begunAgain, part(1))).toEqual(await merged(part(0, 1, 2)));
    const counted: string[] = [];
    for await (const line of countedLines(begunAgain)) counted.push(line);
    expect(counted).toEqual(part(0, 2)());
  });

  const refused: Record<string, { parts: Part[]; says: RegExp }> = {
    "parts with different headers": {
      parts: [part(0), () => modelText(aHeader({ data: `sha256:${"c".repeat(64)}` }))],
      says: /different headers/,
    },
    "a tree in two parts": { parts: [part(0, 3), part(3, 4)], says: /tree 3 stands in two parts/ },
    "a part that is sealed": {
      parts: [() => modelText(aHeader(), aTree(), anEnd())],
      says: /part 0 has a line of kind end/,
    },
    "a broken line": { parts: [part(0), () => [...part(1)(), "{"]], says: /part 1: line 3: is not JSON/ },
    "no part at all": { parts: [], says: /no part has a header/ },
    "nothing but empty parts": { parts: [() => [], () => []], says: /no part has a header/ },
  };
  it.each(Object.entries(refused))("refuses %s", async (_, { parts, says }) => {
    await expect(merged(...parts)).rejects.toThrow(says);
  });

  it("closes its parts when whoever reads it stops early", async () => {
    let open = 0;
    const counting: Part = async function* () {
      open++;
      try {
        yield* part(0, 1, 2)();
      } finally {
        open--;
      }
    };
    for await (const line of mergeParts([counting, counting])) {
      expect(line).toContain("header");
      break;
    }
    expect(open).toBe(0);
  });
});
