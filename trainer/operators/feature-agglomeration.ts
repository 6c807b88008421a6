/**
 * Columns that are alike become one, as scikit-learn's FeatureAgglomeration: the two closest groups of columns are merged
 * until two are left, and each answers its mean. Distances between groups are updated by Lance and Williams's formula ("A
 * general theory of classificatory sorting strategies", 1967). Left out: every `affinity` of TPOT's but euclidean.
 */
import type { FittedFeatureAgglomeration } from "../../model/steps/feature-agglomeration.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { type Operator, OperatorError } from "./operator.ts";

/** scikit-learn's default, and TPOT's only one. */
const groupCount = 2;

export const featureAgglomeration: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { linkage: ["ward", "complete", "average"] },
  fit({ x }, parameters): FittedFeatureAgglomeration {
    if (x.columns < groupCount) throw new OperatorError(`needs ${groupCount} columns, and there is ${x.columns}`);
    return { groups: agglomerate(x, linkages[parameters.linkage as keyof typeof linkages]) };
  },
};

/** Two groups that are being merged, and a third one: how many columns each has, and how far they are from each other. */
interface Merge {
  readonly sizes: readonly [number, number, number];
  /** From the first to the third, from the second to the third, from the first to the second. */
  readonly distances: readonly [number, number, number];
}

/** How far the merged group is from the third. */
type Linkage = (merge: Merge) => number;

const linkages = {
  ward: ({ sizes: [a, b, other], distances: [fromA, fromB, between] }) =>
    Math.sqrt(
      Math.max(0, ((a + other) * fromA ** 2 + (b + other) * fromB ** 2 - other * between ** 2) / (a + b + other)),
    ),
  complete: ({ distances: [fromA, fromB] }) => Math.max(fromA, fromB),
  average: ({ sizes: [a, b], distances: [fromA, fromB] }) => (a * fromA + b * fromB) / (a + b),
} satisfies Record<string, Linkage>;

/** @returns each column's group. Of equal distances the one between the groups with the lower columns counts. */
function agglomerate(x: Matrix, linkage: Linkage): number[] {
  const distances = columnDistances(x);
  let groups: Group[] = Array.from({ length: x.columns }, (_, column) => ({
    slot: column,
    made: column,
    columns: [column],
  }));
  for (let made = x.columns; groups.length > groupCount; made++) {
    const [a, b] = closest(groups, distances, x.columns);
    const between = distances[a.slot * x.columns + b.slot]!;
    for (const other of groups) {
      if (other === a || other === b) continue;
      const distance = linkage({
        sizes: [a.columns.length, b.columns.length, other.columns.length],
        distances: [distances[a.slot * x.columns + other.slot]!, distances[b.slot * x.columns + other.slot]!, between],
      });
      distances[a.slot * x.columns + other.slot] = distance;
      distances[other.slot * x.columns + a.slot] = distance;
    }
    const merged: Group = { slot: a.slot, made, columns: [...a.columns, ...b.columns] };
    groups = groups.filter((group) => group !== b).map((group) => (group === a ? merged : group));
  }
  const groupOf = Array.from({ length: x.columns }, () => 0);
  // scikit-learn's order: the group that was made last comes first.
  groups
    .toSorted((a, b) => b.made - a.made)
    .forEach((group, place) => group.columns.forEach((column) => (groupOf[column] = place)));
  return groupOf;
}

interface Group {
  /** Its row and column in the table of distances. */
  readonly slot: number;
  /** A column's own number, or counted on with each merge. */
  readonly made: number;
  readonly columns: readonly number[];
}

function closest(groups: readonly Group[], distances: Float64Array, columns: number): [Group, Group] {
  let [first, second, least] = [groups[0]!, groups[1]!, Infinity];
  for (let i = 0; i < groups.length; i++) {
    for (let j = i + 1; j < groups.length; j++) {
      const distance = distances[groups[i]!.slot * columns + groups[j]!.slot]!;
      if (distance < least) [first, second, least] = [groups[i]!, groups[j]!, distance];
    }
  }
  return [first, second];
}

/** @throws {OperatorError} where columns are too far apart to say how far */
function columnDistances({ rows, columns, values }: Matrix): Float64Array {
  const distances = new Float64Array(columns * columns);
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b < a; b++) {
      let squares = 0;
      for (let row = 0; row < rows; row++) squares += (values[row * columns + a]! - values[row * columns + b]!) ** 2;
      distances[a * columns + b] = distances[b * columns + a] = Math.sqrt(squares);
    }
  }
  if (!distances.every(Number.isFinite)) throw new OperatorError("the distance of two columns is not finite");
  return distances;
}
