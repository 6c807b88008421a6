/** All that the images are made of, taken at one moment: whoever saves a file during a build does not change it. */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Copies the Dockerfiles and what .dockerignore lets into a build. @returns a new folder within `into` */
export function copySources(root: string, into: string): string {
  const lines = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  const entries = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const folder = mkdtempSync(join(into, "sources-"));
  for (const entry of ["Dockerfile", "Dockerfile.trainer", ".dockerignore", ...entries]) {
    cpSync(join(root, entry), join(folder, entry), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
  }
  return folder;
}

/** Of all files of a folder, their paths and their bytes. */
export function hashOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file.slice(folder.length)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}
