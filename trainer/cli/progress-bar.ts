/** One line that is drawn over and over on a terminal; silent where the output is not one. */
import { leftText } from "../../traintask/left.ts";
import type { Snapshot } from "../grower.ts";
import type { AskedFor } from "../progress.ts";

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressBar {
  draw(snapshot: Snapshot): void;
  /** Removes the line. */
  clear(): void;
}

const width = 30;
/** A terminal is drawn at most so often: a small model grows thousands of trees a second. */
const intervalMs = 100;

/** @param now milliseconds that never go back */
export function progressBar(terminal: Terminal, { total, unit }: AskedFor, now: () => number): ProgressBar {
  if (terminal.isTTY !== true) return { draw: () => undefined, clear: () => undefined };
  const begin = now();
  let drawn = -Infinity;
  return {
    draw({ trees, score }) {
      const time = now();
      if (time - drawn < intervalMs && trees < total) return;
      drawn = time;
      const full = Math.round((trees / total) * width);
      const left = leftText(((time - begin) / 1000 / trees) * (total - trees));
      const text = `${"█".repeat(full)}${"░".repeat(width - full)} ${trees}/${total} ${unit}  ${score ?? ""}  ${left} left`;
      terminal.write(`\r\u001b[2K${text.slice(0, (terminal.columns ?? 80) - 1)}`);
    },
    clear: () => void terminal.write("\r\u001b[2K"),
  };
}
