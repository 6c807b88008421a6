/**
 * JSON as a person may have written it: a syntax error with its line and column, or the text around it, and no key twice in one
 * object, which `JSON.parse` would let pass with the last one winning.
 */
import { pointer, Problem } from "./problem.ts";

/** How deep objects and lists may stand in each other. */
export const maxDepth = 32;

/** @throws Problem 400 with the place of the error */
export function parseJson(text: string): unknown {
  refuseDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Problem({ status: 400, detail: `The body is not JSON: ${syntaxError(text, cause as Error)}`, cause });
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined)
    throw new Problem({
      status: 400,
      detail: "A key stands twice in one object; which one is meant?",
      errors: [{ pointer: pointer(duplicate), detail: `duplicate key "${String(duplicate.at(-1)).slice(0, 100)}"` }],
    });
  return value;
}

/** Before anything is made of it: a small text can be nested so deeply that reading it costs more than all other requests. */
function refuseDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    // [ and {, ] and } differ in one bit each.
    else if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    if (depth > maxDepth)
      throw new Problem({ status: 400, detail: `The body is nested deeper than ${maxDepth} levels.` });
  }
}

const quote = 0x22;

/** Where the string that begins at `start` ends; the text's end for one that does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** V8 names the position in some messages only, and quotes the text in others: what we say is bounded. */
function syntaxError(text: string, error: Error): string {
  if (text.trim() === "") return "it is empty";
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position === undefined) return error.message.replaceAll(/\s+/g, " ").slice(0, 200);
  const before = text.slice(0, Number(position)).split("\n");
  const reason = error.message.slice(0, error.message.indexOf(" in JSON at position")).slice(0, 100);
  return `${reason} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

interface Level {
  /** Keys seen so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  at: string | number;
}

/** The path of the first key that stands twice in its object. `text` is valid JSON: a token scan is enough. */
function duplicateKey(text: string): (string | number)[] | undefined {
  const levels: Level[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g;
  for (const match of text.matchAll(tokens)) {
    const token = match[0];
    const level = levels.at(-1);
    if (token === "{") levels.push({ keys: new Set(), at: "" });
    else if (token === "[") levels.push({ keys: undefined, at: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && typeof level?.at === "number") level.at += 1;
    else if (match[1] !== undefined && level?.keys !== undefined) {
      const key = JSON.parse(token.slice(0, token.length - match[1].length)) as string;
      level.at = key;
      if (level.keys.has(key)) return levels.map((one) => one.at);
      level.keys.add(key);
    }
  }
  return undefined;
}
