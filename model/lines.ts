/**
 * From bytes to lines, with a bound on the length of a line, so that nothing holds more of a model than one line. Only
 * `\n` ends a line; a last line without it is a model cut off in the middle and says so.
 */
import { ModelFormatError } from "./errors.ts";

/** UTF-16 units. A tree of a million rows takes some 20 million. */
const longestLine = 1 << 28;

export async function* modelLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { maxLineLength = longestLine }: { maxLineLength?: number } = {},
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let pieces: string[] = [];
  let length = 0;
  let line = 1;
  for await (const chunk of chunks) {
    let rest = decode(decoder, chunk, line);
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      pieces.push(rest.slice(0, end));
      length += end;
      checkLength(length, { maxLineLength, line });
      yield pieces.join("");
      pieces = [];
      length = 0;
      line++;
      rest = rest.slice(end + 1);
    }
    pieces.push(rest);
    length += rest.length;
    checkLength(length, { maxLineLength, line });
  }
  pieces.push(decode(decoder, undefined, line));
  if (pieces.join("") !== "") throw new ModelFormatError("the file ends in the middle of this line", { line });
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined, line: number): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new ModelFormatError("is not UTF-8 text", { line, cause });
  }
}

function checkLength(length: number, { maxLineLength, line }: { maxLineLength: number; line: number }): void {
  if (length > maxLineLength) throw new ModelFormatError(`is longer than ${maxLineLength} characters`, { line });
}
