import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packagesOf, softwareBillOfMaterials } from "./sbom.ts";

const root = mkdtempSync(path.join(tmpdir(), "sbom-"));
afterAll(() => rmSync(root, { recursive: true }));

function aPackage(folder: string, description: object): void {
  mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, folder, "package.json"), JSON.stringify(description));
}

describe("the packages of a bundle", () => {
  it("are named once each, in order, those within packages too, our own files not", () => {
    const files = [
      "api/main.ts",
      "node_modules/zod/index.js",
      "node_modules/zod/v4/core.js",
      "node_modules/@scope/one/dist/a.js",
      "node_modules/zod/node_modules/deep/index.js",
    ];
    expect(packagesOf(files)).toEqual([
      "node_modules/@scope/one",
      "node_modules/zod",
      "node_modules/zod/node_modules/deep",
    ]);
  });
});

describe("the bill of materials", () => {
  it("names each package with version, address and licence, and nothing that changes from build to build", () => {
    aPackage(".", { name: "traintask", version: "1.0.0", license: "Apache-2.0" });
    aPackage("node_modules/@scope/one", { name: "@scope/one", version: "2.0.0", license: "MIT" });
    aPackage("node_modules/plain", { name: "plain", version: "3.0.0" });
    expect(softwareBillOfMaterials(root, ["node_modules/@scope/one", "node_modules/plain"])).toEqual({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: {
        component: {
          type: "application",
          name: "traintask",
          version: "1.0.0",
          purl: "pkg:npm/traintask@1.0.0",
          licenses: [{ expression: "Apache-2.0" }],
        },
      },
      components: [
        {
          type: "library",
          name: "@scope/one",
          version: "2.0.0",
          purl: "pkg:npm/%40scope/one@2.0.0",
          licenses: [{ expression: "MIT" }],
        },
        { type: "library", name: "plain", version: "3.0.0", purl: "pkg:npm/plain@3.0.0" },
      ],
    });
  });
});
