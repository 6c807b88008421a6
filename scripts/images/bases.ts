/**
 * Bases for the two Dockerfiles where there is no registry to pull any from, made of what this machine has: one with
 * the C library and nothing else for the images, one with Node.js, npm and a shell for building them.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..", "..");
const node = path.join(root, "node_modules", "node", "bin", "node");
/** What this machine trusts, its build containers trust. */
const authorities = "/etc/ssl/certs/ca-certificates.crt";

/** Files that programs are linked with, by their paths. */
function librariesOf(program: string): string[] {
  const lines = execFileSync("ldd", [program], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

function copy(folder: string, files: readonly string[]): void {
  for (const file of files) cpSync(realpathSync(file), path.join(folder, file), { recursive: true });
}

/** Fills a build context whose image holds the libraries of Node.js and a user to run as. */
export function runtimeBase(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  copy(folder, librariesOf(node));
  mkdirSync(path.join(folder, "etc"), { recursive: true });
  writeFileSync(path.join(folder, "etc/passwd"), "nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n");
  writeFileSync(path.join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  writeFileSync(path.join(folder, ".dockerignore"), "Dockerfile\n.dockerignore\n");
}

/** Fills a build context whose image can run `npm ci`. @throws Error when busybox is missing */
export function buildBase(folder: string): void {
  runtimeBase(folder);
  const npm = path.join(execFileSync("npm", ["root", "--global"], { encoding: "utf8" }).trim(), "npm");
  cpSync(node, path.join(folder, "usr/bin/node"));
  cpSync(npm, path.join(folder, "usr/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", path.join(folder, "usr/bin/npm"));
  copy(folder, [authorities]);
  mkdirSync(path.join(folder, "bin"), { recursive: true });
  mkdirSync(path.join(folder, "tmp"));
  cpSync("/bin/busybox", path.join(folder, "bin/busybox"));
  symlinkSync("busybox", path.join(folder, "bin/sh"));
  symlinkSync("../../bin/busybox", path.join(folder, "usr/bin/env"));
  writeFileSync(
    path.join(folder, "Dockerfile"),
    `FROM scratch\nCOPY . /\nENV PATH=/usr/bin:/bin HOME=/tmp NODE_EXTRA_CA_CERTS=${authorities}\n`,
  );
}
