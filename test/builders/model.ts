/** Model lines for tests: valid as they are, changed by overrides. */
import type { ForestEndLine, ForestHeaderLine, ModelLine, TreeLine } from "../../model/format.ts";
import { writeLine } from "../../model/write.ts";

/** A classification of three classes by a number, `size` (edges 1, 2, 3), and a category, `colour` (red, blue). */
export function aHeader(overrides: Partial<ForestHeaderLine> = {}): ForestHeaderLine {
  return {
    kind: "header",
    version: 1,
    trainer: "randomForest",
    grower: "test/1",
    data: `sha256:${"a".repeat(64)}`,
    spec: `sha256:${"b".repeat(64)}`,
    problemType: "classification",
    target: "species",
    classes: ["ant", "bee", "cat"],
    columns: [
      { name: "size", type: "number", edges: [1, 2, 3] },
      { name: "colour", type: "category", categories: ["red", "blue"] },
    ],
    rows: 10,
    randomForest: { nEstimators: 4 },
    ...overrides,
  };
}

export function aRegressionHeader(overrides: Partial<ForestHeaderLine> = {}): ForestHeaderLine {
  const { classes: _, ...header } = aHeader();
  return { ...header, problemType: "regression", target: "price", ...overrides };
}

/** size <= 2 ? (colour is red ? ant : half ant, half bee) : cat */
export function aTree(overrides: Partial<TreeLine> = {}): TreeLine {
  return {
    kind: "tree",
    tree: 0,
    feature: [0, 1, -1, -1, -1],
    bin: [1, 0],
    value: [0, [0, 2, 1, 2], 2],
    importance: [0, 0.75, 1, 0.25],
    ...overrides,
  };
}

export function anEnd(overrides: Partial<ForestEndLine> = {}): ForestEndLine {
  return { kind: "end", trees: 1, missing: [[1, 3]], importances: [0.75, 0.25], ...overrides };
}

/** The lines of a file with these parts, as text. */
export function modelText(...lines: readonly ModelLine[]): string[] {
  return lines.map(writeLine);
}
