/**
 * The two images of a release, built from this tree for the test cluster. They are named after a hash of their sources,
 * so that a cluster that has them needs no other, and kept as archives in the cache.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.ts";
import { hasImage, importImage } from "./containerd.ts";
import { copySources, hashOf } from "./image-sources.ts";
import { imageCache, layout } from "./layout.ts";

const root = join(import.meta.dirname, "..", "..");

/** An image's name, tag included, and the archive that holds it. */
interface ReleaseImage {
  readonly name: string;
  readonly archive: string;
}

export interface ReleaseImages {
  /** Operator and API. */
  readonly image: ReleaseImage;
  readonly trainerImage: ReleaseImage;
}

export interface BuildOptions {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Archives of so many versions are kept. */
const kept = 5;

/** Builds the images, unless the cache has them. */
export async function buildReleaseImages(options: BuildOptions): Promise<ReleaseImages> {
  mkdirSync(imageCache, { recursive: true });
  const sources = copySources(root, imageCache);
  try {
    const tag = hashOf(sources);
    const folder = join(imageCache, tag);
    if (!existsSync(folder)) await build({ sources, folder, tag }, options);
    utimesSync(folder, new Date(), new Date());
    forgetOld();
    const named = (name: string): ReleaseImage => ({
      name: `localhost/${name}:${tag}`,
      archive: join(folder, `${name}.tar`),
    });
    return { image: named("traintask"), trainerImage: named("traintask-trainer") };
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
}

/** How tests are told which images they can install. */
export const environmentOf = ({ image, trainerImage }: ReleaseImages): Record<string, string> => ({
  TRAINTASK_IMAGE: image.name,
  TRAINTASK_TRAINER_IMAGE: trainerImage.name,
});

/** Imports what the node does not have. */
export async function putOnNode(images: ReleaseImages): Promise<void> {
  for (const { name, archive } of [images.image, images.trainerImage]) {
    if (!(await hasImage(name))) await importImage(archive);
  }
  writeFileSync(layout.releaseImages, JSON.stringify(environmentOf(images)));
}

/** The environment that names the images which were put on the node last. */
export function imagesOnNode(): Record<string, string> {
  if (!existsSync(layout.releaseImages)) return {};
  return JSON.parse(readFileSync(layout.releaseImages, "utf8")) as Record<string, string>;
}

/** One build at a time on a machine; a folder appears under its name only when both archives are there. */
async function build(
  { sources, folder, tag }: { sources: string; folder: string; tag: string },
  { progress, signal }: BuildOptions,
): Promise<void> {
  const begun = performance.now();
  progress("building the images");
  symlinkSync(join(root, "node_modules"), join(sources, "node_modules"));
  const once = 'test -d "$1" || { rm -rf "$1.part" && "$2" "$3" "$1.part" "$4" && mv "$1.part" "$1"; }';
  const program = [process.execPath, join(sources, "scripts", "images", "main.ts")];
  const args = [join(imageCache, "lock"), "sh", "-c", once, "sh", folder, ...program, tag];
  await command(["flock", ...args], { cwd: sources, timeoutMs: 1_800_000, signal });
  progress(`built the images (${Math.round((performance.now() - begun) / 1000)} s)`);
}

function forgetOld(): void {
  const folders = readdirSync(imageCache)
    .filter((name) => /^[0-9a-f]+$/.test(name))
    .map((name) => join(imageCache, name))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(kept)) rmSync(folder, { recursive: true, force: true });
}
