/**
 * The images of the examples that bring a container, built by their own Dockerfiles for the test cluster. What they
 * begin with elsewhere, a public image with Python, is made of Debian's packages here; what they install comes from the
 * Python package index. Both take a minute or two once, and are kept in the cache.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.ts";
import { hasImage, importImage } from "./containerd.ts";
import { imageCache } from "./layout.ts";
import type { BuildOptions } from "./release-images.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");
const suite = "bookworm";
const packages = ["python3", "python3-pip", "python-is-python3", "ca-certificates"];
/** What this machine trusts, the build trusts; it stays out of the image. */
const authorities = "/etc/ssl/certs/ca-certificates.crt";
/** Debian's Python leaves its packages to Debian, unless it is told that it stands in an image. */
const baseFile = "FROM scratch\nCOPY . /\nENV PIP_BREAK_SYSTEM_PACKAGES=1\n";

/** Folders of examples, and the variables that tell tests which image to take. */
const images = {
  TRAINTASK_SKLEARN_IMAGE: "04-sklearn-svm",
  TRAINTASK_KUBEFLOW_IMAGE: "05-kubeflow-client",
} as const;

const folder = join(imageCache, "examples");
const store = ["--root", join(folder, "root"), "--runroot", join(folder, "run")];
const build = ["buildah", ...store, "build", "--isolation", "chroot", "--pull=never"] as const;

/** Builds the images unless the cache has them, and puts them on the node. @returns variables that name them */
export async function exampleImagesOnNode(options: BuildOptions): Promise<Record<string, string>> {
  mkdirSync(folder, { recursive: true });
  const named: Record<string, string> = {};
  for (const [variable, example] of Object.entries(images)) {
    const { name, archive } = imageOf(example);
    if (!existsSync(archive)) await buildImage(example, options);
    if (!(await hasImage(name))) await importImage(archive);
    named[variable] = name;
  }
  return named;
}

/** Named after all that it is made of. */
function imageOf(example: string): { readonly name: string; readonly archive: string } {
  const hash = createHash("sha256").update(baseTag());
  for (const file of ["Dockerfile", "train.py"]) hash.update(readFileSync(join(examples, example, file)));
  const tag = hash.digest("hex").slice(0, 16);
  return { name: `localhost/${example}:${tag}`, archive: join(folder, `${example}-${tag}.tar`) };
}

const baseTag = (): string =>
  createHash("sha256")
    .update([suite, ...packages, baseFile].join(" "))
    .digest("hex")
    .slice(0, 16);

async function buildImage(example: string, { progress, signal }: BuildOptions): Promise<void> {
  const begun = performance.now();
  const { name, archive } = imageOf(example);
  const base = await pythonBase({ progress, signal });
  progress(`building the image of example ${example}`);
  const args = ["--volume", `${authorities}:${authorities}:ro`, "--build-arg", `BASE_IMAGE=${base}`, "--tag", name];
  await command([...build, ...args, join(examples, example)], { timeoutMs: 600_000, signal });
  rmSync(`${archive}.part`, { force: true });
  const save = ["buildah", ...store, "push", name, `docker-archive:${archive}.part:${name}`] as const;
  await command([...save], { timeoutMs: 300_000, signal });
  await command(["mv", `${archive}.part`, archive]);
  progress(`built it (${Math.round((performance.now() - begun) / 1000)} s)`);
}

/** An image with Python and pip, in the store of buildah. @returns its name */
async function pythonBase({ progress, signal }: BuildOptions): Promise<string> {
  const name = `localhost/python-base:${baseTag()}`;
  const known = await command(["buildah", ...store, "images", "--noheading", "--format", "{{.Name}}:{{.Tag}}"]);
  if (known.split("\n").includes(name)) return name;
  progress(`making an image with Python of Debian's packages`);
  const root = join(folder, "debian");
  rmSync(root, { recursive: true, force: true });
  const bootstrap = ["debootstrap", "--variant=minbase", `--include=${packages.join(",")}`, suite, root] as const;
  await command([...bootstrap], { timeoutMs: 900_000, signal });
  for (const path of ["etc/apt/sources.list", "var/cache/apt", "var/lib/apt/lists", "dev"])
    rmSync(join(root, path), { recursive: true, force: true });
  writeFileSync(join(folder, "base.Dockerfile"), baseFile);
  await command([...build, "--tag", name, "--file", join(folder, "base.Dockerfile"), root], {
    timeoutMs: 300_000,
    signal,
  });
  rmSync(root, { recursive: true, force: true });
  return name;
}
