/**
 * Sets of completion indexes in the compressed form of a Job's status: "1,3-5,7".
 */

/**
 * Reads such a text. Indexes from `bound` on are left out, as are pieces that are not intervals, so that a damaged
 * text costs work and never more.
 */
export function parseIndexes(text: string | undefined, bound: number): Set<number> {
  const indexes = new Set<number>();
  for (const piece of text === undefined || text === "" ? [] : text.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(piece);
    if (match === null) continue;
    const last = Math.min(Number(match[2] ?? match[1]), bound - 1);
    for (let index = Number(match[1]); index <= last; index++) indexes.add(index);
  }
  return indexes;
}

/** Writes the set in order, with a hyphen where three or more follow each other and a comma where it is two. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].toSorted((a, b) => a - b);
  const pieces: string[] = [];
  for (let at = 0; at < sorted.length;) {
    const first = sorted[at] ?? 0;
    let last = first;
    while (sorted[at + 1] === last + 1) {
      at++;
      last++;
    }
    at++;
    if (last === first) pieces.push(`${first}`);
    else if (last === first + 1) pieces.push(`${first}`, `${last}`);
    else pieces.push(`${first}-${last}`);
  }
  return pieces.join(",");
}
