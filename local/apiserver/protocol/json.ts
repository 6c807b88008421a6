/**
 * Reads JSON from strangers. `JSON.parse` takes the value; a scan after it finds what `JSON.parse` is silent about:
 * fields that stand twice, and nesting so deep that code which walks the value would run out of stack.
 */
import { badRequest } from "../status.ts";

export interface ReadJson {
  readonly value: unknown;
  /** Paths of fields that stand more than once; the last one counts. */
  readonly duplicates: readonly string[];
  /** Paths of fields called `__proto__`, which are left out. */
  readonly forbidden: readonly string[];
}

const deepest = 200;

/** @throws StatusError 400 when the text is no JSON, or nested too deeply */
export function readJson(text: string): ReadJson {
  const value = parse(text);
  // Only text that is known to be JSON is scanned: in other text, strings without an end would make it slow.
  const { duplicates, forbidden } = scan(text);
  if (forbidden.length === 0) return { value, duplicates, forbidden };
  const without: unknown = JSON.parse(text, (key, item: unknown) => (key === "__proto__" ? undefined : item));
  return { value: without, duplicates, forbidden };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRequest(`the body is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

interface Frame {
  /** Keys seen so far; absent for a list. */
  readonly keys?: Set<string>;
  path: string;
  index: number;
  /** Whether the next string is a key. */
  expectsKey: boolean;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

function scan(text: string): Pick<ReadJson, "duplicates" | "forbidden"> {
  const duplicates: string[] = [];
  const forbidden: string[] = [];
  const frames: Frame[] = [];
  let current = "";
  for (const [piece] of text.matchAll(token)) {
    const frame = frames.at(-1);
    if (piece === "{" || piece === "[") {
      if (frames.length >= deepest) throw badRequest(`the body is nested more than ${deepest} levels deep`);
      const path = frame !== undefined && frame.keys === undefined ? `${frame.path}[${frame.index}]` : current;
      frames.push({ ...(piece === "{" ? { keys: new Set<string>() } : {}), path, index: 0, expectsKey: piece === "{" });
    } else if (piece === "}" || piece === "]") frames.pop();
    else if (piece === "," && frame !== undefined) {
      frame.index += 1;
      frame.expectsKey = frame.keys !== undefined;
    } else if (piece.startsWith('"') && frame?.keys !== undefined && frame.expectsKey) {
      const key = unquoted(piece);
      current = frame.path === "" ? key : `${frame.path}.${key}`;
      if (frame.keys.has(key)) duplicates.push(current);
      if (key === "__proto__") forbidden.push(current);
      frame.keys.add(key);
      frame.expectsKey = false;
    }
  }
  return { duplicates, forbidden };
}

const unquoted = (piece: string): string => (piece.includes("\\") ? String(JSON.parse(piece)) : piece.slice(1, -1));
