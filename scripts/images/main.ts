/**
 * `npm run images -- [folder [tag]]`: builds both images. With Docker where an engine answers; else with buildah, as
 * root, on bases made from this machine, so that no registry is needed. With a folder, the images are also saved there,
 * each as an archive that `docker load` and `ctr images import` read, by the version's tag or another one.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { buildBase, runtimeBase } from "./bases.ts";

const root = path.join(import.meta.dirname, "..", "..");
const cache = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "traintask", "images");

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

const [archives, tag = version] = process.argv.slice(2);

const images = [
  { name: "localhost/traintask", dockerfile: "Dockerfile" },
  { name: "localhost/traintask-trainer", dockerfile: "Dockerfile.trainer" },
];

const run = (line: readonly [string, ...string[]]): void => {
  const [program, ...args] = line;
  execFileSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
};

function answers(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function withDocker(archives: string | undefined): void {
  for (const { name, dockerfile } of images) {
    const tagged = `${name}:${tag}`;
    run(["docker", "build", "--build-arg", "SOURCE_DATE_EPOCH=0", "--tag", tagged, "--file", dockerfile, "."]);
    if (archives !== undefined) run(["docker", "save", "--output", archiveOf(archives, name), tagged]);
  }
}

function withBuildah(archives: string | undefined): void {
  const store = ["--root", path.join(cache, "root"), "--runroot", path.join(cache, "run")] as const;
  // Each file and the image itself bear the same time in every build, so the same sources give the same digest.
  const fixed = ["--isolation", "chroot", "--pull=never", "--layers", "--timestamp", "0"] as const;
  const build = (name: string, args: readonly string[]): void =>
    run(["buildah", ...store, "build", ...fixed, "--tag", name, ...args]);
  const bases = { BUILD_IMAGE: buildBase, BASE_IMAGE: runtimeBase } as const;
  const replaced: string[] = [];
  for (const [argument, fill] of Object.entries(bases)) {
    const name = `localhost/traintask-${argument.toLowerCase().replace("_", "-")}`;
    const folder = path.join(cache, argument);
    fill(folder);
    build(name, [folder]);
    rmSync(folder, { recursive: true });
    replaced.push("--build-arg", `${argument}=${name}`);
  }
  for (const { name, dockerfile } of images) {
    // In the store one version of each is kept, whatever its archive is called.
    build(`${name}:${version}`, [...replaced, "--file", dockerfile, "."]);
    if (archives === undefined) continue;
    const archive = archiveOf(archives, name);
    rmSync(archive, { force: true });
    run(["buildah", ...store, "push", `${name}:${version}`, `docker-archive:${archive}:${name}:${tag}`]);
  }
}

function archiveOf(folder: string, name: string): string {
  return path.resolve(folder, `${path.basename(name)}.tar`);
}

if (archives !== undefined) mkdirSync(archives, { recursive: true });
if (answers("docker", ["info"])) withDocker(archives);
else if (answers("buildah", ["version"])) withBuildah(archives);
else {
  console.error("building images takes a Docker engine that answers, or buildah");
  process.exitCode = 1;
}
