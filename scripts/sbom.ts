/**
 * A software bill of materials in CycloneDX's form, of what is in a bundle and not of what was installed to make it. It
 * has no time and no serial number, so that the same sources give the same bytes.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

interface PackageDescription {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

interface Component {
  readonly type: "library" | "application";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
}

export interface BillOfMaterials {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

/** @returns the package folders, sorted, that these files (relative to the root) lie in */
export function packagesOf(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** @param packages folders of packages, relative to the root */
export function softwareBillOfMaterials(root: string, packages: readonly string[]): BillOfMaterials {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: component(describe(root), "application") },
    components: packages.map((folder) => component(describe(path.join(root, folder)), "library")),
  };
}

function describe(folder: string): PackageDescription {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as PackageDescription;
}

function component({ name, version, license }: PackageDescription, type: Component["type"]): Component {
  return {
    type,
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  };
}
