/**
 * Makes a table of parcels and how many minutes each took to its door: 20 columns and the target, as many rows as asked for,
 * the same ones each time. A million rows are 80 MB.
 *
 *     npx node examples/07-big-csv/make-csv.ts 1000000 > rows.csv
 */
import { once } from "node:events";

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const vehicles = ["van", "van", "van", "bike", "truck"];
const weathers = ["dry", "dry", "dry", "rain", "rain", "snow"];
const delays: Readonly<Record<string, number>> = { dry: 0, rain: 6, snow: 25 };

const sensors = Array.from({ length: 12 }, (_, i) => `sensor${i + 1}`);
const header = ["km", "stops", "weight", "hour", "weekday", "vehicle", "weather", "floor", ...sensors, "minutes"];

/** The table in pieces of whole lines. */
export function* parcels(rows: number): Generator<string> {
  // A linear congruential generator modulo 2^32, the constants from "Numerical Recipes".
  let state = 1;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  let text = `${header.join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    text += `${parcel(below).join(",")}\n`;
    if (text.length < 1 << 16) continue;
    yield text;
    text = "";
  }
  yield text;
}

function parcel(below: (bound: number) => number): (string | number)[] {
  const km = (1 + below(400)) / 10;
  const stops = below(30);
  const hour = 7 + below(13);
  const [weekday, vehicle, weather] = [weekdays, vehicles, weathers].map((names) => names[below(names.length)]!);
  const speed = vehicle === "bike" ? 0.3 : vehicle === "truck" ? 0.5 : 0.6;
  const rushHour = hour > 15 && weekday !== "Sat" && weekday !== "Sun" ? 1.4 : 1;
  const floor = below(6);
  const luck = below(20) + below(20);
  const minutes = Math.round((km / speed) * rushHour + 3 * stops + 2 * floor + delays[weather!]! + luck);
  // One weight in ten is not known; sensors have nothing to do with anything.
  const weight = below(10) === 0 ? "" : below(300) / 10;
  const measured = sensors.map(() => below(1000));
  return [km, stops, weight, hour, weekday!, vehicle!, weather!, floor, ...measured, minutes];
}

if (import.meta.main) {
  const rows = Number(process.argv[2]);
  if (!Number.isInteger(rows) || rows < 1) {
    process.stderr.write("usage: npx node examples/07-big-csv/make-csv.ts <rows> > rows.csv\n");
    process.exit(2);
  }
  for (const text of parcels(rows)) if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
