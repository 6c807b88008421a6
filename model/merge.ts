/**
 * Parts become a model: each part is a header and some of the lines of a trainer (trees, iterations or steps), ascending; the
 * model is that header, all those lines by index, and the end line. Streamed: one line of each part is in memory at a time,
 * and they pass as they were written.
 */
import { endBuilder } from "./end.ts";
import { ModelFormatError } from "./errors.ts";
import type { BodyLine, HeaderLine } from "./format.ts";
import { countedLines } from "./part.ts";
import type { Part } from "./part.ts";
import { lineReader } from "./read.ts";
import { writeLine } from "./write.ts";

/**
 * The lines of the model, without line breaks. A part may be empty (its pod never got so far), but not all of them.
 * Ends with what there is: trees that no part holds are named in the end line, and steps counted there. Without all its
 * steps a pipeline is no model: no reader takes it.
 * @throws {ModelFormatError} for parts with different headers, a tree in two parts, an end line in a part, or a broken line
 */
export async function* mergeParts(parts: readonly Part[]): AsyncGenerator<string, void> {
  const cursors = parts.map((part, index) => partCursor(countedLines(part), index));
  try {
    const headers = (await Promise.all(cursors.map((cursor) => cursor.open()))).filter((open) => open !== undefined);
    const [first] = headers;
    if (first === undefined) throw new ModelFormatError("no part has a header: there is no model");
    if (headers.some((other) => other.text !== first.text))
      throw new ModelFormatError(
        "the parts have different headers: they were trained on other data, options or versions",
      );
    yield first.text;
    const end = endBuilder(first.header);
    for (let cursor = lowest(cursors); cursor?.next !== undefined; cursor = lowest(cursors)) {
      end.add(cursor.next.line);
      yield cursor.next.text;
      await cursor.advance();
    }
    yield writeLine(end.finish());
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

interface PartCursor {
  /** The tree, iteration or step that comes next; undefined at the end of the part. */
  readonly next: { readonly text: string; readonly line: BodyLine } | undefined;
  /** Reads the header and the first line below it. Undefined for an empty part. */
  open(): Promise<{ readonly text: string; readonly header: HeaderLine } | undefined>;
  advance(): Promise<void>;
  close(): Promise<void>;
}

function partCursor(lines: AsyncGenerator<string, void>, part: number): PartCursor {
  const reader = lineReader();
  let pending: PartCursor["next"];

  async function read(): Promise<{ text: string; line: ReturnType<typeof reader.next> } | undefined> {
    const result = await lines.next();
    if (result.done === true) return undefined;
    try {
      return { text: result.value, line: reader.next(result.value) };
    } catch (cause) {
      if (!(cause instanceof ModelFormatError)) throw cause;
      throw new ModelFormatError(`part ${part}: ${cause.message}`, { cause });
    }
  }

  async function advance(): Promise<void> {
    const { text, line } = (await read()) ?? {};
    if (text === undefined || line === undefined) pending = undefined;
    else if (line.kind !== "header" && line.kind !== "end") pending = { text, line };
    else throw new ModelFormatError(`part ${part} has a line of kind ${line.kind} among its ${unitOf(reader.header)}`);
  }

  return {
    get next() {
      return pending;
    },
    async open() {
      const first = await read();
      if (first?.line.kind !== "header") return undefined;
      await advance();
      return { text: first.text, header: first.line };
    },
    advance,
    async close() {
      await lines.return();
    },
  };
}

function lowest(cursors: readonly PartCursor[]): PartCursor | undefined {
  let found: PartCursor | undefined;
  for (const cursor of cursors) {
    if (cursor.next === undefined) continue;
    const { line } = cursor.next;
    if (found?.next === undefined || indexOf(line) < indexOf(found.next.line)) found = cursor;
    else if (indexOf(line) === indexOf(found.next.line))
      throw new ModelFormatError(`${line.kind} ${indexOf(line)} stands in two parts`);
  }
  return found;
}

function indexOf(line: BodyLine): number {
  switch (line.kind) {
    case "tree":
      return line.tree;
    case "iteration":
      return line.iteration;
    case "step":
      return line.step;
  }
}

const units = { randomForest: "trees", gradientBoosting: "iterations", search: "steps" } as const;
const unitOf = (header: HeaderLine | undefined): string => units[header?.trainer ?? "randomForest"];
