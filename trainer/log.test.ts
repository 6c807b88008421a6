import { describe, expect, test } from "vitest";
import { trainingLog } from "./log.ts";
import { hastyClock } from "./scripted-clock.ts";

function log(bounds: { headBytes?: number; tailBytes?: number } = {}) {
  const printed: string[] = [];
  const uploaded: string[] = [];
  let finished = 0;
  const upload = { add: (line: string) => void uploaded.push(line), finish: async () => (finished++, []) };
  const made = trainingLog({ clock: hastyClock(), print: (line) => printed.push(line), upload, ...bounds });
  return { ...made, printed, uploaded, finished: () => finished };
}
const time = "2030-01-01T00:00:00.000Z";

describe("the training log", () => {
  test("prints and uploads each line with its time, as it comes", async () => {
    const { write, printed, uploaded, close, finished } = log();
    write("first");
    expect(uploaded).toEqual([`${time} first`]);
    write("second\nthird");
    expect(printed).toEqual([`${time} first`, `${time} second`, `${time} third`]);
    expect(uploaded).toEqual(printed);
    expect(finished()).toBe(0);
    await close();
    expect(uploaded).toEqual(printed);
    expect(finished()).toBe(1);
  });

  test("uploads the beginning at once, the end at the end, and says what was dropped between them", async () => {
    const { write, printed, uploaded, close } = log({ headBytes: 100, tailBytes: 70 });
    for (let i = 0; i < 10; i++) write(`line ${i}`);
    // 31 bytes a line: three at once, of the rest the last two.
    expect(uploaded).toEqual(printed.slice(0, 3));
    await close();
    expect(uploaded).toEqual([...printed.slice(0, 3), "[5 lines of 155 bytes were dropped here]", ...printed.slice(8)]);
    expect(printed).toHaveLength(10);
  });

  test("says nothing of dropped lines where none was", async () => {
    const { write, printed, uploaded, close } = log({ headBytes: 40, tailBytes: 70 });
    for (let i = 0; i < 3; i++) write(`line ${i}`);
    await close();
    expect(uploaded).toEqual(printed);
  });

  test("keeps the order: a short line after a long one does not overtake it", async () => {
    const { write, printed, uploaded, close } = log({ headBytes: 100, tailBytes: 1000 });
    write("short");
    write("x".repeat(200));
    write("short again");
    await close();
    expect(uploaded).toEqual(printed);
  });

  test("keeps at least the last line, however long", async () => {
    const { write, uploaded, close } = log({ headBytes: 0, tailBytes: 10 });
    write("a");
    write("x".repeat(200));
    await close();
    expect(uploaded).toEqual([expect.stringContaining("dropped"), `${time} ${"x".repeat(200)}`]);
  });
});
