/**
 * Reading a model line by line. The reader knows which line may follow which (header; trees in ascending order, iterations
 * or steps without a gap; end) and refuses by name what it does not know, so a newer file is never half understood.
 */
import { LineError, ModelFormatError } from "./errors.ts";
import { endBuilder, parseEnd } from "./end.ts";
import type { EndBuilder } from "./end.ts";
import { asFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { BodyLine, EndLine, HeaderLine, ModelLine } from "./format.ts";
import { parseHeader } from "./header.ts";
import { parseIteration } from "./iteration.ts";
import { parseStep } from "./step-line.ts";
import { type PipelineReader, pipelineReader } from "./steps/pipeline.ts";
import { parseTree } from "./tree.ts";

export interface LineReader {
  /**
   * The next line of the file, without its line break.
   * @throws {ModelFormatError} with the line's number and what is wrong with it
   */
  next(line: string): ModelLine;
  readonly header: HeaderLine | undefined;
  readonly end: EndLine | undefined;
  /** Of a search: its steps so far. */
  readonly pipeline: PipelineReader | undefined;
}

export function lineReader(): LineReader {
  let number = 0;
  let begun: Begun | undefined;
  let end: EndLine | undefined;

  function parse(text: string): ModelLine {
    const fields = asFields(parseJson(text));
    const kind = fields.kind;
    if (end !== undefined) throw new LineError("follows the end line");
    if (begun === undefined) {
      if (kind !== "header") throw new LineError(`is of kind ${JSON.stringify(kind)}, where the header should be`);
      begun = begin(parseHeader(fields));
      return begun.header;
    }
    if (kind === "tree" || kind === "iteration" || kind === "step")
      return added(parseLine(fields, begun.header), begun);
    if (kind === "end") {
      end = parseEnd(fields, begun.header);
      checkEnd(end, begun.lines.finish());
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
      return begun?.header;
    },
    get end() {
      return end;
    },
    get pipeline() {
      return begun?.pipeline;
    },
  };
}

/** A file whose header is read. */
interface Begun {
  readonly header: HeaderLine;
  readonly lines: EndBuilder;
  readonly pipeline?: PipelineReader;
}

function begin(header: HeaderLine): Begun {
  const lines = endBuilder(header);
  if (header.trainer !== "search") return { header, lines };
  const { columns, classes } = header;
  return { header, lines, pipeline: pipelineReader({ columns: columns.length, classes: classes?.length }) };
}

function added(line: BodyLine, { lines, pipeline }: Begun): BodyLine {
  lines.add(line);
  if (line.kind === "step") pipeline?.add(line);
  return line;
}

function parseLine(fields: Fields, header: HeaderLine): BodyLine {
  if (header.trainer === "randomForest" && fields.kind === "tree") return parseTree(fields, header);
  if (header.trainer === "gradientBoosting" && fields.kind === "iteration") return parseIteration(fields, header);
  if (header.trainer === "search" && fields.kind === "step") return parseStep(fields, header);
  throw new LineError(`is of kind ${JSON.stringify(fields.kind)}, which a model of ${header.trainer} does not have`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LineError(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function checkEnd(said: EndLine, found: EndLine): void {
  if ("trees" in said && "trees" in found) {
    if (said.trees !== found.trees) throw new LineError(`counts ${said.trees} trees, the file has ${found.trees}`);
    if (JSON.stringify(said.missing) !== JSON.stringify(found.missing))
      throw new LineError("names other missing trees than the file lacks");
  } else if ("iterations" in said && "iterations" in found) {
    if (said.iterations !== found.iterations)
      throw new LineError(`counts ${said.iterations} iterations, the file has ${found.iterations}`);
    if (said.bestIteration !== found.bestIteration)
      throw new LineError(`has bestIteration ${said.bestIteration}, by the lines it is ${found.bestIteration}`);
  } else if ("steps" in said && "steps" in found && said.steps !== found.steps) {
    throw new LineError(`counts ${said.steps} steps, the file has ${found.steps}`);
  }
}

/** Each line of a whole model or of a part of one, validated as it comes. */
export async function* readLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<ModelLine, void> {
  const reader = lineReader();
  for await (const line of lines) yield reader.next(line);
}
