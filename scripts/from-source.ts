import path from "node:path";

const root = path.join(import.meta.dirname, "..");

/** With which arguments Node.js runs a program of the sources as npm scripts do: what it compiles is kept for the next start. */
export function fromSource(file: string): string[] {
  return ["--import", path.join(root, "scripts/node-version.js"), path.join(root, file)];
}
