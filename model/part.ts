/**
 * A part is what one shard has written: lines are only ever appended. A trainer of another grower version that found an
 * unfinished part began again below it with a header of its own, so the lines that count start at the last header.
 * Finding it takes a pass of its own, which is why a part can be opened more than once.
 */

/** Opens a part at its first line; each call reads it anew. Lines come without their line breaks. */
export type Part = () => AsyncIterable<string> | Iterable<string>;

/** `writeLine` puts the kind first in every line, so a header is known without parsing megabytes of JSON. */
const headerStart = '{"kind":"header"';

/** The lines from the last header on; none of a part that has no line. A part without any header counts from its start. */
export async function* countedLines(part: Part): AsyncGenerator<string, void> {
  let skip = 0;
  let index = 0;
  for await (const line of part()) {
    if (line.startsWith(headerStart)) skip = index;
    index++;
  }
  index = 0;
  for await (const line of part()) {
    if (index++ >= skip) yield line;
  }
}
