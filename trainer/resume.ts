/**
 * What is stored of a part, by earlier attempts or by another shard. Lines are taken over only below a header that equals
 * ours, byte for byte; a part of another grower version begins again below it with a header of ours (model/part.ts reads it so).
 */
import { DataError } from "../data/error.ts";
import { lineReader } from "../model/read.ts";
import { modelLines } from "../model/lines.ts";
import type { HeaderLine } from "../model/format.ts";
import type { StoredStream } from "./api.ts";
import { ConfigurationError } from "./errors.ts";

export interface StoredPart {
  /** Bytes of the whole part. */
  readonly length: number;
  readonly done: boolean;
  /** The last header line and the byte at which it begins; absent in an empty part. */
  readonly header?: { readonly text: string; readonly at: number };
}

/** Looks through the part for its last header. */
export async function inspectPart(stored: StoredStream): Promise<StoredPart> {
  let at = 0;
  let header: StoredPart["header"];
  for await (const text of modelLines(stored.bytes)) {
    if (text.startsWith('{"kind":"header"')) header = { text, at };
    at += Buffer.byteLength(text) + 1;
  }
  return { length: stored.length, done: stored.done, ...(header === undefined ? {} : { header }) };
}

/**
 * Whether the lines below the part's last header are of our model.
 * @param ours this run's header line
 * @throws DataError when they were grown from other data; ConfigurationError when the part can neither be used nor begun again
 */
export function continues(part: StoredPart, ours: string): boolean {
  if (part.header === undefined) return false;
  if (part.header.text === ours) return true;
  const theirs = headerOf(part.header.text);
  const mine = headerOf(ours);
  if (isSameRun(theirs, mine)) throw new ConfigurationError(otherSpec);
  if (part.done) {
    throw new ConfigurationError(
      `This task's model was finished by ${theirs.grower}, which left no report, and this is ${mine.grower}. Send it as a new task.`,
    );
  }
  return false;
}

/** What a run was begun with. */
export type RunOf = Pick<HeaderLine, "data" | "spec" | "grower">;

const otherSpec = "What this task asks for changed since it began. Send it as a new task.";

/**
 * @returns whether what one has found is of use to the other; it is not where another version has found it
 * @throws DataError where the data is another; ConfigurationError where what is asked for is
 */
export function isSameRun(theirs: RunOf, mine: RunOf): boolean {
  if (theirs.data !== mine.data) {
    throw new DataError("The data changed since this task began: it was begun with other rows. Send it as a new task.");
  }
  if (theirs.grower !== mine.grower) return false;
  if (theirs.spec !== mine.spec) throw new ConfigurationError(otherSpec);
  return true;
}

function headerOf(text: string): HeaderLine {
  const line = lineReader().next(text);
  if (line.kind !== "header") throw new TypeError(`a ${line.kind} stands where a header is`);
  return line;
}
