/**
 * Selection by two objectives at once: a greater score and a smaller size. NSGA-II (Deb, Pratap, Agarwal and Meyarivan,
 * "A fast and elitist multiobjective genetic algorithm", 2002) as DEAP 1.4 does it, down to the order of equals
 * (test/golden/record_nsga2.py): first the pipelines that no other one dominates, then those that only they dominate,
 * and so on; of the last rank that fits, those with the most room around them.
 */

export interface Fitness {
  /** Greater is better; -Infinity for what failed. */
  readonly score: number;
  /** Smaller is better; Infinity for what failed, so that all else dominates it. */
  readonly size: number;
}

/** No worse in both, and better in one. */
export function dominates(one: Fitness, other: Fitness): boolean {
  return one.score >= other.score && one.size <= other.size && (one.score > other.score || one.size < other.size);
}

/** @returns places in `points` by rank, the best rank first; those with equal fitness stand together */
export function nonDominatedRanks(points: readonly Fitness[]): readonly (readonly number[])[] {
  const groups = [...Map.groupBy(points.keys(), (place) => `${points[place]!.score} ${points[place]!.size}`).values()];
  const fitness = groups.map(([place]) => points[place!]!);
  const { dominators, dominated } = dominance(fitness);
  const ranks: number[][] = [];
  let current = groups
    .keys()
    .filter((group) => dominators[group] === 0)
    .toArray();
  while (current.length > 0) {
    ranks.push(current.flatMap((group) => groups[group]!));
    const next: number[] = [];
    for (const group of current)
      for (const other of dominated[group]!) if (--dominators[other]! === 0) next.push(other);
    current = next;
  }
  return ranks;
}

/** How many dominate each, and which ones each dominates: of each pair in the order of its first, then of its second. */
function dominance(fitness: readonly Fitness[]): { dominators: Uint32Array; dominated: number[][] } {
  const dominators = new Uint32Array(fitness.length);
  const dominated = fitness.map((): number[] => []);
  for (let i = 0; i < fitness.length; i++) {
    for (let j = i + 1; j < fitness.length; j++) {
      const [one, other] = [fitness[i]!, fitness[j]!];
      if (dominates(one, other)) {
        dominators[j]! += 1;
        dominated[i]!.push(j);
      } else if (dominates(other, one)) {
        dominators[i]! += 1;
        dominated[j]!.push(i);
      }
    }
  }
  return { dominators, dominated };
}

/**
 * How far apart the neighbours of each stand, as shares of the whole range, the mean of both objectives.
 * @param rank points that do not dominate each other
 * @returns one for each; Infinity at the ends
 */
export function crowding(rank: readonly Fitness[]): Float64Array {
  const distances = new Float64Array(rank.length);
  let order = [...rank.keys()];
  for (const objective of ["size", "score"] as const) {
    const at = (place: number): number => rank[order[place]!]![objective];
    order = order.toSorted((a, b) => compare(rank[a]![objective], rank[b]![objective]));
    const last = order.length - 1;
    distances[order[0]!] = Infinity;
    distances[order[last]!] = Infinity;
    if (at(0) === at(last)) continue;
    const range = 2 * (at(last) - at(0));
    for (let place = 1; place < last; place++) distances[order[place]!]! += (at(place + 1) - at(place - 1)) / range;
  }
  return distances;
}

/** @returns places of the `count` best, best rank first; all places where there are no more */
export function select(points: readonly Fitness[], count: number): readonly number[] {
  const chosen: number[] = [];
  const ranks = nonDominatedRanks(points);
  for (const [index, rank] of ranks.entries()) {
    const room = count - chosen.length;
    if (rank.length < room && index < ranks.length - 1) chosen.push(...rank);
    else return [...chosen, ...roomiest(points, rank).slice(0, room)];
  }
  return chosen;
}

/** Equals stay as they were. */
function roomiest(points: readonly Fitness[], rank: readonly number[]): number[] {
  const distances = crowding(rank.map((place) => points[place]!));
  return [...rank.keys()].toSorted((a, b) => compare(distances[b]!, distances[a]!)).map((index) => rank[index]!);
}

/** For numbers that may be infinite: the difference of two infinite ones is none. */
function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
