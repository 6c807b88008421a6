/** Which generated files are not what the generator would write now. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface StaleFile {
  readonly path: string;
  /** The first line that differs, counted from 1; what stands there, and what should. */
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

/** @param root directory that the paths of `files` are relative to */
export function staleFiles(root: string, files: ReadonlyMap<string, string>): StaleFile[] {
  return [...files].flatMap(([path, content]) => {
    const found = read(join(root, path));
    return found === content ? [] : [{ path, ...firstDifference(found, content) }];
  });
}

/** A file that is missing differs in its first line. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function firstDifference(found: string | undefined, expected: string): Omit<StaleFile, "path"> {
  const theirs = found?.split("\n") ?? ["(no such file)"];
  const ours = expected.split("\n");
  const index = ours.findIndex((line, at) => line !== theirs[at]);
  const at = index === -1 ? ours.length : index;
  return { line: at + 1, found: theirs[at] ?? "(end of file)", expected: ours[at] ?? "(end of file)" };
}
