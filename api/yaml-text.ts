/**
 * YAML 1.2 as a task file has it: one document, the core schema's types and no others, few aliases (so that a small
 * text cannot stand for a huge value), no key twice.
 */
import { parseAllDocuments, stringify } from "yaml";
import { Problem } from "./problem.ts";

const maxAliases = 50;

/** @throws Problem 400 with line and column */
export function parseYaml(text: string): unknown {
  try {
    return parseOne(text);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    // A RangeError of nesting that is too deep, or a ReferenceError of too many aliases.
    const detail = cause instanceof RangeError ? "it is nested too deeply" : (cause as Error).message.slice(0, 200);
    throw new Problem({ status: 400, detail: `The body is not YAML that a task can be made of: ${detail}`, cause });
  }
}

function parseOne(text: string): unknown {
  const documents = parseAllDocuments(text, { schema: "core", uniqueKeys: true, merge: false, logLevel: "silent" });
  if (!Array.isArray(documents) || documents.length === 0)
    throw new Problem({ status: 400, detail: "The body is empty." });
  const [document, second] = documents;
  const error = document?.errors[0] ?? document?.warnings[0];
  if (error !== undefined)
    throw new Problem({
      status: 400,
      detail: `The body is not YAML: ${error.message.split("\n")[0]?.slice(0, 200) ?? ""}`,
      cause: error,
    });
  if (second !== undefined)
    throw new Problem({ status: 400, detail: "Send one YAML document at a time, without `---` between two." });
  return document?.toJS({ maxAliasCount: maxAliases });
}

/** A value as YAML, long strings unfolded. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
