/**
 * The images of the test cluster, made here without registry or container engine: a shell (busybox, without a library)
 * in a docker-archive of one layer. Every container of the contract runs it, and so does every pod's sandbox.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.ts";
import { layout } from "./layout.ts";

export const shellImage = "localhost/traintask-shell:1";
export const sandboxImage = "localhost/traintask-sandbox:1";

/** A sandbox only waits; as PID 1 it must say itself that SIGTERM ends it. */
const images: Record<string, object> = {
  [shellImage]: { Env: ["PATH=/bin"], Cmd: ["sh"] },
  [sandboxImage]: {
    Env: ["PATH=/bin"],
    Entrypoint: ["sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait; done"],
    User: "65535:65535",
  },
};

/** @returns paths of the images, each a docker-archive that bears its name */
export async function makeImages(): Promise<string[]> {
  mkdirSync(layout.images, { recursive: true });
  const layer = join(layout.images, "layer.tar");
  await makeLayer(layer);
  const made: string[] = [];
  for (const [name, config] of Object.entries(images)) made.push(await makeArchive(name, { layer, config }));
  return made;
}

async function makeLayer(file: string): Promise<void> {
  const root = join(layout.images, "root");
  rmSync(root, { recursive: true, force: true });
  for (const folder of ["bin", "tmp", "etc"]) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync("/bin/busybox", join(root, "bin", "busybox"));
  const programs = (await command(["/bin/busybox", "--list"])).trim().split("\n");
  for (const program of programs) {
    if (program !== "busybox") symlinkSync("busybox", join(root, "bin", program));
  }
  writeFileSync(join(root, "etc", "passwd"), "root:x:0:0:root:/:/bin/sh\n");
  await tar(root, { file, entries: ["bin", "etc", "tmp"] });
}

async function makeArchive(name: string, { layer, config }: { layer: string; config: object }): Promise<string> {
  const short = name.replace(/^.*\/(.*):.*$/, "$1");
  const folder = join(layout.images, short);
  mkdirSync(folder, { recursive: true });
  copyFileSync(layer, join(folder, "layer.tar"));
  const digest = createHash("sha256").update(readFileSync(layer)).digest("hex");
  const description = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(description));
  const manifest = [{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  const archive = join(layout.images, `${short}.tar`);
  await tar(folder, { file: archive, entries: ["manifest.json", "config.json", "layer.tar"] });
  return archive;
}

/** The same bytes each time. */
async function tar(folder: string, { file, entries }: { file: string; entries: string[] }): Promise<void> {
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX"];
  await command(["tar", "--create", ...same, `--file=${file}`, `--directory=${folder}`, ...entries]);
}
