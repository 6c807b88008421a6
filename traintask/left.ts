/** Time left, for people: the two largest units, `45s`, `2m10s`, `3h5m`, `12d4h`. */

const units = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "m", seconds: 60 },
  { name: "s", seconds: 1 },
] as const;

/** @param seconds rounded to whole ones; less than none is none */
export function leftText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const largest = units.findIndex((unit) => whole >= unit.seconds);
  if (largest === -1) return "0s";
  let rest = whole;
  return units
    .slice(largest, largest + 2)
    .map((unit) => {
      const count = Math.floor(rest / unit.seconds);
      rest %= unit.seconds;
      return count === 0 ? "" : `${count}${unit.name}`;
    })
    .join("");
}
