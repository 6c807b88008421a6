/**
 * How much memory trials may take. What one of them may depends on the rows alone, so that it fails, or does not, with any
 * number of processes; that number follows from it. Only where the pod has not enough for a single one is there less.
 */
import type { Matrix } from "../../model/steps/step.ts";

export interface TrialMemory {
  /** Of one process, resident. */
  readonly memoryBytes: number;
  /** Of that, for one step beside its input, and for what is kept between trials. */
  readonly fitBytes: number;
  readonly cacheBytes: number;
  /** How many processes there is memory for; at least 1. */
  readonly processes: number;
}

const mebibyte = 2 ** 20;
/** Of a process without rows: Node, its code and the garbage of small trials. */
const emptyBytes = 256 * mebibyte;
/** How often the rows fit into what a process has beside that. */
const copies = 16;
/** The trainer itself: its heap, uploads that wait, a model on its way. */
const trainerBytes = 160 * mebibyte;
/** What a process may have taken before it is looked at again. */
const lateBytes = 32 * mebibyte;

/** @param podBytes what the pod may have in memory, or the machine */
export function trialMemory({ rows, columns }: Pick<Matrix, "rows" | "columns">, podBytes: number): TrialMemory {
  const rowBytes = 8 * rows * columns;
  const free = podBytes - trainerBytes - rowBytes;
  const wanted = emptyBytes + copies * rowBytes;
  const processes = Math.max(1, Math.floor(free / (wanted + lateBytes)));
  const least = 96 * mebibyte + 2 * rowBytes;
  const memoryBytes = Math.max(least, Math.min(wanted, free - lateBytes));
  return { memoryBytes, fitBytes: Math.floor(memoryBytes / 2), cacheBytes: Math.floor(memoryBytes / 4), processes };
}
