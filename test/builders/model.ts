/** Model lines for tests: valid as they are, changed by overrides. */
import type {
  BoostingEndLine,
  BoostingHeaderLine,
  ForestEndLine,
  ForestHeaderLine,
  IterationLine,
  ModelLine,
  SearchEndLine,
  SearchHeaderLine,
  StepLine,
  TreeLine,
} from "../../model/format.ts";
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

/** The forest of a grower without bins: categories are compared by their code. */
export function aThresholdHeader(overrides: Partial<ForestHeaderLine> = {}): ForestHeaderLine {
  const columns = aHeader().columns.map((column) => (column.type === "number" ? { ...column, edges: [] } : column));
  return aHeader({ columns, ...overrides });
}

/** size < 2.5 ? (colour is red ? ant : half ant, half bee) : cat */
export function aThresholdTree(overrides: Partial<TreeLine> = {}): TreeLine {
  const { bin: _, ...tree } = aTree();
  return { ...tree, threshold: [2.5, 0.5], ...overrides };
}

/** Boosting of a regression by the same columns, from 10. */
export function aBoostingHeader(overrides: Partial<BoostingHeaderLine> = {}): BoostingHeaderLine {
  const { trainer: _, randomForest: __, ...header } = aRegressionHeader();
  return { ...header, trainer: "gradientBoosting", gradientBoosting: { maxIter: 4, baseline: [10] }, ...overrides };
}

/** Boosting of ant, bee and cat: three trees an iteration. */
export function aClassBoostingHeader(overrides: Partial<BoostingHeaderLine> = {}): BoostingHeaderLine {
  const { problemType, target, classes = [] } = aHeader();
  const gradientBoosting = { maxIter: 4, baseline: classes.map(() => 0) };
  return aBoostingHeader({ problemType, target, classes, gradientBoosting, ...overrides });
}

/** size <= 2 ? -1 : +1 */
export function aBoostedTree(overrides: Partial<IterationLine["trees"][number]> = {}): IterationLine["trees"][number] {
  return { feature: [0, -1, -1], bin: [1], value: [-1, 1], ...overrides };
}

export function anIteration(overrides: Partial<IterationLine> = {}): IterationLine {
  return {
    kind: "iteration",
    iteration: 0,
    trees: [aBoostedTree()],
    loss: { train: 0.5 },
    importance: [0, 3],
    ...overrides,
  };
}

/** Iterations with these losses on the rows that are held out; iteration `i` adds 10 ** i to a large size. */
export function iterationsWithLosses(...losses: readonly (number | undefined)[]): IterationLine[] {
  return losses.map((validation, iteration) =>
    anIteration({
      iteration,
      trees: [aBoostedTree({ value: [0, 10 ** iteration] })],
      loss: { train: 1, ...(validation === undefined ? {} : { validation }) },
    }),
  );
}

export function aBoostingEnd(overrides: Partial<BoostingEndLine> = {}): BoostingEndLine {
  return { kind: "end", iterations: 1, bestIteration: 0, importances: [1, 0], ...overrides };
}

/** Of a search by the same columns, for a price: one pipeline of two operators. */
export function aSearchHeader(overrides: Partial<SearchHeaderLine> = {}): SearchHeaderLine {
  const { trainer: _, randomForest: __, ...header } = aRegressionHeader({ columns: aThresholdHeader().columns });
  return {
    ...header,
    trainer: "search",
    search: { pipeline: "standardScaler > ridge(alpha=1)", steps: 3 },
    ...overrides,
  };
}

/** The first step of such a pipeline: a missing size is 2, red and blue become two columns. */
export function anInputStep(overrides: Partial<StepLine> = {}): StepLine {
  const fitted = { columns: [{ fill: 2 }, { oneHot: 2 }] };
  return { kind: "step", step: 0, operator: "input", fitted, ...overrides };
}

/** The steps of `aSearchHeader`: (size - 1) / 2, red and blue as they are; their sum and 10. */
export function someSteps(): StepLine[] {
  return [
    anInputStep(),
    { kind: "step", step: 1, operator: "standardScaler", fitted: { offset: [1, 0, 0], scale: [2, 1, 1] } },
    { kind: "step", step: 2, operator: "ridge", fitted: { coefficients: [1, 1, 1], intercept: 10 } },
  ];
}

export function aSearchEnd(overrides: Partial<SearchEndLine> = {}): SearchEndLine {
  return { kind: "end", steps: 3, ...overrides };
}

/** The lines of a file with these parts, as text. */
export function modelText(...lines: readonly ModelLine[]): string[] {
  return lines.map(writeLine);
}
