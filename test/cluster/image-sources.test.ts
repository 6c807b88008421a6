import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copySources, hashOf } from "./image-sources.ts";

let root: string;
let into: string;
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  [root, into] = ["tree-", "copies-"].map((name) => mkdtempSync(join(tmpdir(), name))) as [string, string];
  write(".dockerignore", "# What an image is made of.\n*\n!package.json\n!api\n**/*.test.ts\n");
  for (const file of ["Dockerfile", "Dockerfile.trainer", "package.json", "api/access/verbs.ts"]) write(file, file);
});
afterEach(() => {
  for (const folder of [root, into]) rmSync(folder, { recursive: true });
});

const named = (): string => hashOf(copySources(root, into));

describe("the images' sources", () => {
  it("are what .dockerignore lets into a build, and nothing else", () => {
    write("docs/install.md", "How to install it");
    write("api/access/verbs.test.ts", "it is tested");
    const copy = copySources(root, into);
    expect(existsSync(join(copy, "api/access/verbs.ts"))).toBe(true);
    expect(existsSync(join(copy, "docs"))).toBe(false);
    expect(existsSync(join(copy, "api/access/verbs.test.ts"))).toBe(false);
  });

  it("are the same as long as nothing changes that an image is made of", () => {
    const before = named();
    write("docs/install.md", "How to install it");
    write("api/access/verbs.test.ts", "it is tested");
    expect(named()).toBe(before);
  });

  it("are others when a file changes, comes, or has another name", () => {
    const seen = [named()];
    write("api/access/verbs.ts", "other verbs");
    seen.push(named());
    write("api/more.ts", "");
    seen.push(named());
    rmSync(join(root, "api/more.ts"));
    write("api/other.ts", "");
    seen.push(named());
    write("Dockerfile.trainer", "FROM elsewhere");
    seen.push(named());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("are taken at one moment: what is saved later is not in them", () => {
    const copy = copySources(root, into);
    const before = hashOf(copy);
    write("api/access/verbs.ts", "other verbs");
    expect(hashOf(copy)).toBe(before);
  });
});
