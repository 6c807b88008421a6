/** Durations as kubectl prints them: two units at most, and one where the second would not matter. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** The larger and the smaller unit up to a bound in seconds; the smaller one is left out where it is 0. */
const scales: readonly { readonly below: number; readonly units: readonly [string, number][] }[] = [
  { below: 2 * minute, units: [["s", 1]] },
  {
    below: 10 * minute,
    units: [
      ["m", minute],
      ["s", 1],
    ],
  },
  { below: 3 * hour, units: [["m", minute]] },
  {
    below: 8 * hour,
    units: [
      ["h", hour],
      ["m", minute],
    ],
  },
  { below: 2 * day, units: [["h", hour]] },
  {
    below: 8 * day,
    units: [
      ["d", day],
      ["h", hour],
    ],
  },
  { below: 2 * year, units: [["d", day]] },
  {
    below: 8 * year,
    units: [
      ["y", year],
      ["d", day],
    ],
  },
  { below: Number.POSITIVE_INFINITY, units: [["y", year]] },
];

/**
 * @param ms length in milliseconds
 * @returns `45s`, `3m20s`, `47h`; `<invalid>` for a time to come
 */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  // Clocks differ a little: just now may look like a second ahead.
  if (seconds < -1) return "<invalid>";
  let left = Math.max(0, seconds);
  const { units = [] } = scales.find(({ below }) => left < below) ?? {};
  const parts = units.map(([unit, length], index) => {
    const amount = Math.floor(left / length);
    left -= amount * length;
    return index > 0 && amount === 0 ? "" : `${amount}${unit}`;
  });
  return parts.join("");
}
