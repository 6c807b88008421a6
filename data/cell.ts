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
 * @param decimal the decimal mark; no other is one
 */
export function toNumber(cell: string, decimal = "."): number | undefined {
  if (decimal !== "." && cell.includes(".")) return undefined;
  const value = Number(decimal === "." ? cell : cell.replace(decimal, "."));
  // Number() reads 0x1F, 0b1 and 0o7 too; in a table these are codes, not quantities.
  if (Number.isFinite(value)) return /[xbo]/i.test(cell) ? undefined : value;
  if (!Number.isNaN(value)) return value;
  const spelled = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(cell);
  if (spelled === null) return undefined;
  return spelled[1] === "-" ? -Infinity : Infinity;
}

/** What to do about a cell that is no number because its decimal mark is not the table's; "" where it is another matter. */
export function decimalAdvice(cell: string, decimal: string): string {
  const other = decimal === "." ? "," : ".";
  if (cell.includes(decimal) || toNumber(cell, other) === undefined) return "";
  const word = decimal === "." ? "comma" : "point";
  return ` If its ${word} is a decimal one, set dataset.format.decimal: ${JSON.stringify(other)}.`;
}

const time = /([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?|[AP]M))?)?/.source;
const yearFirst = new RegExp(String.raw`^\d{4}([-/.])(\d{1,2})\1(\d{1,2})${time}$`, "i");
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|(?<=/\d{1,2}/)\d{2})${time}$`, "i");

/** Whether a cell is a date or a point in time: ISO 8601, year/month/day, or day and month (in either order) and year. */
export function isDate(cell: string): boolean {
  const text = cell.trim();
  const first = yearFirst.exec(text);
  const last = first === null ? yearLast.exec(text) : null;
  const [a, b] = first === null ? [last?.[1], last?.[3]] : [first[2], first[3]];
  if (a === undefined || b === undefined) return false;
  const [less, more] = [Number(a), Number(b)].toSorted((x, y) => x - y) as [number, number];
  return less >= 1 && less <= 12 && more <= 31;
}
