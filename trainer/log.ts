/**
 * The training log: sentences with a time, on stdout for the pod's log and uploaded to the API, which keeps them when the
 * pod is gone. The first MiBs are uploaded as they come; after that the last lines are kept here and follow at the end,
 * below a line that says how much was dropped.
 */
import type { TrainerClock } from "./clock.ts";
import type { Upload } from "./upload.ts";

export type Log = (message: string) => void;

export interface TrainingLog {
  readonly write: Log;
  /** Uploads the rest and marks the log as complete. Rejects where that fails. */
  readonly close: () => Promise<void>;
}

export interface LogOptions {
  readonly clock: TrainerClock;
  readonly print: (line: string) => void;
  readonly upload: Pick<Upload, "add" | "finish">;
  readonly headBytes?: number;
  readonly tailBytes?: number;
}

export function trainingLog(options: LogOptions): TrainingLog {
  const { clock, print, upload, headBytes = 4 << 20, tailBytes = 1 << 20 } = options;
  let head = 0;
  let tail: string[] = [];
  let tailed = 0;
  let dropped = { lines: 0, bytes: 0 };

  function keep(line: string): void {
    tail.push(line);
    tailed += Buffer.byteLength(line);
    while (tailed > tailBytes && tail.length > 1) {
      const bytes = Buffer.byteLength(tail.shift()!);
      tailed -= bytes;
      dropped = { lines: dropped.lines + 1, bytes: dropped.bytes + bytes };
    }
  }

  return {
    write(message) {
      for (const part of message.split("\n")) {
        const line = `${new Date(clock.now()).toISOString()} ${part}`;
        print(line);
        // Once a line went to the tail, all that follow do: the order is kept.
        if (tail.length > 0 || head + Buffer.byteLength(line) > headBytes) {
          keep(line);
          continue;
        }
        head += Buffer.byteLength(line);
        upload.add(line);
      }
    },
    async close() {
      if (dropped.lines > 0) upload.add(`[${dropped.lines} lines of ${dropped.bytes} bytes were dropped here]`);
      for (const line of tail) upload.add(line);
      tail = [];
      await upload.finish();
    },
  };
}
