/** JSON patches, RFC 6902: a list of operations, all of which are carried out, or none. */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../admission/structure.ts";

/** The patch cannot be carried out. */
export class JsonPatchError extends Error {
  override readonly name = "JsonPatchError";
  /** Whether the list itself is malformed; otherwise it does not fit this document. */
  readonly malformed: boolean;
  constructor(message: string, { malformed = false } = {}) {
    super(message);
    this.malformed = malformed;
  }
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** As in Kubernetes. */
const mostOperations = 10_000;

/**
 * @returns a new document
 * @throws JsonPatchError
 */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new JsonPatchError("a JSON patch is a list of operations", { malformed: true });
  if (patch.length > mostOperations) {
    throw new JsonPatchError(`a JSON patch has at most ${mostOperations} operations`, { malformed: true });
  }
  return patch.map(parseOperation).reduce(apply, structuredClone(document));
}

function parseOperation(value: unknown): Operation {
  if (!isObject(value)) throw new JsonPatchError("an operation of a JSON patch is an object", { malformed: true });
  const { op, path, from } = value;
  if (typeof op !== "string" || typeof path !== "string") {
    throw new JsonPatchError("an operation of a JSON patch needs op and path", { malformed: true });
  }
  if (op === "move" || op === "copy") {
    if (typeof from !== "string") throw new JsonPatchError(`a ${op} operation needs from`, { malformed: true });
    return { op, path, from };
  }
  if (["add", "replace", "test"].includes(op) && !Object.hasOwn(value, "value")) {
    throw new JsonPatchError(`a ${op} operation needs a value`, { malformed: true });
  }
  return { op, path, value: value["value"] };
}

function apply(document: unknown, { op, path, from = "", value }: Operation): unknown {
  switch (op) {
    case "add":
      return add(document, path, structuredClone(value));
    case "remove":
      return remove(document, path).document;
    case "replace":
      return add(path === "" ? document : remove(document, path).document, path, structuredClone(value));
    case "move": {
      if (path.startsWith(`${from}/`)) throw new JsonPatchError(`cannot move ${from} into itself`);
      const taken = remove(document, from);
      return add(taken.document, path, taken.value);
    }
    case "copy":
      return add(document, path, structuredClone(get(document, steps(from))));
    case "test":
      if (isDeepStrictEqual(get(document, steps(path)), value)) return document;
      throw new JsonPatchError(`testing path ${path} failed`);
    default:
      throw new JsonPatchError(`unexpected operation kind: ${op}`, { malformed: true });
  }
}

function steps(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw new JsonPatchError(`the path ${pointer} does not begin with a slash`, { malformed: true });
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

const missing = (step: string): JsonPatchError => new JsonPatchError(`missing key or index in the path: ${step}`);

function get(document: unknown, path: readonly string[]): unknown {
  return path.reduce((value, step) => {
    if (Array.isArray(value)) return value[index(step, value.length - 1)] as unknown;
    if (isObject(value) && Object.hasOwn(value, step)) return value[step];
    throw missing(step);
  }, document);
}

function index(step: string, last: number): number {
  const position = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (position < 0 || position > last) throw missing(step);
  return position;
}

function add(document: unknown, pointer: string, value: unknown): unknown {
  const path = steps(pointer);
  const step = path.pop();
  if (step === undefined) return value;
  const parent = get(document, path);
  if (Array.isArray(parent)) parent.splice(step === "-" ? parent.length : index(step, parent.length), 0, value);
  else if (isObject(parent) && step !== "__proto__") parent[step] = value;
  else throw missing(step);
  return document;
}

function remove(document: unknown, pointer: string): { document: unknown; value: unknown } {
  const path = steps(pointer);
  const step = path.pop();
  if (step === undefined) throw new JsonPatchError("the whole document cannot be removed");
  const parent = get(document, path);
  const value = get(parent, [step]);
  if (Array.isArray(parent)) parent.splice(index(step, parent.length - 1), 1);
  else delete (parent as Record<string, unknown>)[step];
  return { document, value };
}
