/**
 * YAML 1.2 as a task file has it: one document, the core schema's types and no others, few aliases (so that a small
 * text cannot stand for a huge value), no key twice.
 */
import { CST, isScalar, Lexer, LineCounter, parseAllDocuments, stringify, visit } from "yaml";
import type { Document } from "yaml";
import { maxDepth } from "./json-text.ts";
import { Problem } from "./problem.ts";

const maxAliases = 50;
/** A long text is one piece. Each piece costs as much time as a hundred bytes of JSON. */
const maxPieces = 50_000;
const inLine: ReadonlySet<string> = new Set(["seq-item-ind", "explicit-key-ind", "map-value-ind"]);

/** @throws Problem 400 with line and column */
export function parseYaml(text: string): unknown {
  try {
    refuseCostly(text);
    return parseOne(text);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    // A RangeError of nesting that is too deep, or a ReferenceError of too many aliases.
    const detail = cause instanceof RangeError ? "it is nested too deeply" : (cause as Error).message.slice(0, 200);
    throw new Problem({ status: 400, detail: `The body is not YAML that a task can be made of: ${detail}`, cause });
  }
}

/** Before anything is made of it: of few bytes, YAML can make work for seconds. */
function refuseCostly(text: string): void {
  let [pieces, brackets, indicators] = [0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "flow-seq-start" || type === "flow-map-start") brackets += 1;
    else if (type === "flow-seq-end" || type === "flow-map-end") brackets -= 1;
    else if (type === "newline") indicators = 0;
    // In one line, "- - - x" stands three deep.
    else if (brackets === 0 && inLine.has(type ?? "")) indicators += 1;
    if (Math.max(brackets, indicators) > maxDepth) throw new RangeError("nested too deeply");
    pieces += 1;
    if (pieces > maxPieces)
      throw new Problem({ status: 400, detail: `The body is YAML of more than ${maxPieces} pieces. Send it as JSON.` });
  }
}

function parseOne(text: string): unknown {
  const lines = new LineCounter();
  // Its own check for double keys compares every key with every other one, and pretty errors are made even when nobody reads them.
  const options = {
    schema: "core",
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  } as const;
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
  if (!Array.isArray(documents)) throw new Problem({ status: 400, detail: "The body is empty." });
  const [document, second] = documents;
  if (document === undefined) throw new Problem({ status: 400, detail: "The body is empty." });
  const [failure] = document.errors;
  if (failure?.code === "RESOURCE_EXHAUSTION") throw new RangeError(failure.message);
  const error = failure ?? document.warnings[0] ?? duplicateKey(document);
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Problem({
      status: 400,
      detail: `The body is not YAML: line ${line}, column ${col}: ${error.message.slice(0, 200)}`,
    });
  }
  if (second !== undefined)
    throw new Problem({ status: 400, detail: "Send one YAML document at a time, without `---` between two." });
  return document.toJS({ maxAliasCount: maxAliases });
}

interface Mistake {
  readonly message: string;
  readonly pos: readonly [number, ...unknown[]];
}

function duplicateKey(document: Document.Parsed): Mistake | undefined {
  let found: Mistake | undefined;
  visit(document, {
    Map(_, map) {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (keys.has(name)) found ??= { message: `the key "${name}" stands twice`, pos: [key.range?.[0] ?? 0] };
        keys.add(name);
      }
    },
  });
  return found;
}

/** A value as YAML, long strings unfolded. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
