/**
 * Parts become a model: each part is a header and some of the trees, ascending; the model is that header, all trees by
 * index, and the end line. Streamed: one line of each part is in memory at a time,
 * and tree lines pass as they were written.
 */
import { endBuilder } from "./end.ts";
import { ModelFormatError } from "./errors.ts";
import type { HeaderLine, TreeLine } from "./format.ts";
import { countedLines } from "./part.ts";
import type { Part } from "./part.ts";
import { lineReader } from "./read.ts";
import { writeLine } from "./write.ts";

/**
 * The lines of the model, without line breaks. A part may be empty (its pod never got so far), but not all of them.
 * Ends with what there is: trees that no part holds are named in the end line.
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
    for (let cursor = lowest(cursors); cursor?.tree !== undefined; cursor = lowest(cursors)) {
      end.add(cursor.tree.line);
      yield cursor.tree.text;
      await cursor.advance();
    }
    yield writeLine(end.finish());
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

interface PartCursor {
  /** The tree that comes next; undefined at the end of the part. */
  readonly tree: { readonly text: string; readonly line: TreeLine } | undefined;
  /** Reads the header and the first tree. Undefined for an empty part. */
  open(): Promise<{ readonly text: string; readonly header: HeaderLine } | undefined>;
  advance(): Promise<void>;
  close(): Promise<void>;
}

function partCursor(lines: AsyncGenerator<string, void>, part: number): PartCursor {
  const reader = lineReader();
  let tree: PartCursor["tree"];

  async function next(): Promise<{ text: string; line: ReturnType<typeof reader.next> } | undefined> {
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
    const { text, line } = (await next()) ?? {};
    if (text === undefined || line === undefined) tree = undefined;
    else if (line.kind === "tree") tree = { text, line };
    else throw new ModelFormatError(`part ${part} has a line of kind ${line.kind} among its trees`);
  }

  return {
    get tree() {
      return tree;
    },
    async open() {
      const read = await next();
      if (read?.line.kind !== "header") return undefined;
      await advance();
      return { text: read.text, header: read.line };
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
    if (cursor.tree === undefined) continue;
    if (found?.tree === undefined || cursor.tree.line.tree < found.tree.line.tree) found = cursor;
    else if (cursor.tree.line.tree === found.tree.line.tree)
      throw new ModelFormatError(`tree ${cursor.tree.line.tree} stands in two parts`);
  }
  return found;
}
