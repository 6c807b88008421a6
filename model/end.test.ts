import { describe, expect, it } from "vitest";
import { aHeader, aTree } from "../test/builders/model.ts";
import { endBuilder } from "./end.ts";
import type { ForestEndLine } from "./format.ts";

function endOf(...trees: readonly number[]): ForestEndLine {
  const end = endBuilder(aHeader());
  for (const tree of trees) end.add(aTree({ tree }));
  return end.finish();
}

describe("the end line", () => {
  const cases: Record<string, { trees: number[]; missing?: [number, number][] }> = {
    "names none missing of a whole forest": { trees: [0, 1, 2, 3] },
    "names a range at the end of a forest cut off": { trees: [0, 1], missing: [[2, 3]] },
    "names every gap": {
      trees: [1, 3],
      missing: [
        [0, 0],
        [2, 2],
      ],
    },
    "names all trees of an empty forest": { trees: [], missing: [[0, 3]] },
  };
  it.each(Object.entries(cases))("%s", (_, { trees, missing }) => {
    const end = endOf(...trees);
    expect(end.trees).toBe(trees.length);
    expect(end.missing).toEqual(missing);
  });

  it("averages importances over trees, one per column, summing to 1", () => {
    const end = endBuilder(aHeader());
    end.add(aTree({ tree: 0, importance: [0, 1] }));
    end.add(aTree({ tree: 1, importance: [0, 0.5, 1, 0.5] }));
    expect(end.finish().importances).toEqual([0.75, 0.25]);
  });

  it("has importances of 0 where no tree has a split", () => {
    const end = endBuilder(aHeader());
    end.add(aTree({ feature: [-1], bin: [], value: [0], importance: [] }));
    expect(end.finish().importances).toEqual([0, 0]);
  });

  it("can be asked for more than once, the trees so far", () => {
    const end = endBuilder(aHeader());
    end.add(aTree());
    expect(end.finish()).toEqual(end.finish());
    end.add(aTree({ tree: 2 }));
    expect(end.finish().missing).toEqual([
      [1, 1],
      [3, 3],
    ]);
  });

  it("takes trees in ascending order only", () => {
    expect(() => endOf(2, 1)).toThrow("tree 1 stands where tree 3 to 3 is expected");
    expect(() => endOf(4)).toThrow("tree 4 stands where tree 0 to 3 is expected");
  });
});
