/**
 * Reading a model line by line. The reader knows which line may follow which (header, trees in ascending order, end) and
 * refuses by name what it does not know, so a newer file is never half understood.
 */
import { LineError, ModelFormatError } from "./errors.ts";
import { endBuilder, parseEnd } from "./end.ts";
import type { EndBuilder } from "./end.ts";
import { asFields } from "./fields.ts";
import type { EndLine, HeaderLine, ModelLine } from "./format.ts";
import { parseHeader } from "./header.ts";
import { parseTree } from "./tree.ts";

export interface LineReader {
  /**
   * The next line of the file, without its line break.
   * @throws {ModelFormatError} with the line's number and what is wrong with it
   */
  next(line: string): ModelLine;
  readonly header: HeaderLine | undefined;
  readonly end: EndLine | undefined;
}

export function lineReader(): LineReader {
  let number = 0;
  let header: HeaderLine | undefined;
  let end: EndLine | undefined;
  let trees: EndBuilder | undefined;

  function parse(text: string): ModelLine {
    const fields = asFields(parseJson(text));
    const kind = fields.kind;
    if (end !== undefined) throw new LineError("follows the end line");
    if (header === undefined || trees === undefined) {
      if (kind !== "header") throw new LineError(`is of kind ${JSON.stringify(kind)}, where the header should be`);
      header = parseHeader(fields);
      trees = endBuilder(header);
      return header;
    }
    if (kind === "tree") {
      const tree = parseTree(fields, header);
      trees.add(tree);
      return tree;
    }
    if (kind === "end") {
      end = parseEnd(fields, header);
      checkEnd(end, trees.finish());
      return end;
    }
    if (kind === "header") throw new LineError("is a second header");
    throw new LineError(`is of a kind unknown here: ${JSON.stringify(kind)}`);
  }

  return {
    next(text) {
      number++;
      try {
        return parse(text);
      } catch (cause) {
        if (!(cause instanceof LineError || cause instanceof ModelFormatError)) throw cause;
        throw new ModelFormatError(cause.message, { line: number, cause });
      }
    },
    get header() {
      return header;
    },
    get end() {
      return end;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LineError(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function checkEnd(said: EndLine, found: EndLine): void {
  if (said.trees !== found.trees) throw new LineError(`counts ${said.trees} trees, the file has ${found.trees}`);
  if (JSON.stringify(said.missing) !== JSON.stringify(found.missing))
    throw new LineError("names other missing trees than the file lacks");
}

/** Each line of a whole model or of a part of one, validated as it comes. */
export async function* readLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<ModelLine, void> {
  const reader = lineReader();
  for await (const line of lines) yield reader.next(line);
}
