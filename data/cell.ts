/** What a single cell says: missing, a number, or neither. */

const missingTokens: ReadonlySet<string> = new Set(["", "NA", "NaN", "null", "None"]);

/** Whether a cell stands for no value. Spaces around it do not count. */
export function isMissing(cell: string): boolean {
  return missingTokens.has(cell) || (cell.length < 64 && missingTokens.has(cell.trim()));
}

/**
 * The decimal number in a cell, spaces around it allowed; undefined if it is none. An infinite number, spelled so or
 * too large for a double, comes back as an infinity, for the caller to refuse. A cell for which `isMissing` holds is
 * not to be asked about.
 */
export function toNumber(cell: string): number | undefined {
  const value = Number(cell);
  // Number() reads 0x1F, 0b1 and 0o7 too; in a table these are codes, not quantities.
  if (Number.isFinite(value)) return /[xbo]/i.test(cell) ? undefined : value;
  if (!Number.isNaN(value)) return value;
  const spelled = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(cell);
  if (spelled === null) return undefined;
  return spelled[1] === "-" ? -Infinity : Infinity;
}
