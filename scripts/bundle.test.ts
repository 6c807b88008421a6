import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.ts";

/** Far from any node_modules, as in an image. */
const folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
let packages: string[] = [];
beforeAll(async () => {
  packages = await bundle(folder, ["operator", "api", "trainer"]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const files = (): string[] => readdirSync(folder).filter((file) => file.endsWith(".mjs"));
const textOf = (file: string): string => readFileSync(path.join(folder, file), "utf8");

/** A program and all files that it imports as it starts. */
function loadedWith(program: string): string[] {
  const loaded = new Set([program]);
  for (const file of loaded)
    for (const [, name = ""] of textOf(file).matchAll(/^(?:import|export|\}) ?[^"();]*?"\.\/([^"]+)";$/gms))
      loaded.add(name);
  return [...loaded];
}

/** What a program says that was told nothing. */
function lastWordsOf(program: string, env: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(folder, program)], { encoding: "utf8", env });
  return stdout + stderr;
}

describe("the bundle", () => {
  it("has programs that start without node_modules, and say what they were not told", () => {
    expect(lastWordsOf("operator.mjs")).toContain("TRAINTASK_API_URL is not set");
    expect(lastWordsOf("api.mjs")).toContain("dataDir");
    expect(lastWordsOf("trainer.mjs")).toContain("BadConfiguration");
  });

  it("carries what is needed to find the cluster", () => {
    const env = { TRAINTASK_DATA_DIR: folder, KUBECONFIG: path.join(folder, "none") };
    expect(lastWordsOf("api.mjs", env)).toContain("ConfigError");
  });

  it("has every thread that its programs start, where they look for it", () => {
    const started = files().flatMap((file) =>
      [...textOf(file).matchAll(/new URL\("\.\/([^"]+)", import\.meta\.url\)/g)].map((match) => match[1] ?? ""),
    );
    expect(new Set(started)).toEqual(
      new Set([
        "api-predict-worker.mjs",
        "trainer-worker.mjs",
        "trainer-tree-worker.mjs",
        "trainer-engine-library-process.mjs",
        "trainer-search-reading-worker.mjs",
        "trainer-search-trial-child.mjs",
      ]),
    );
    expect(files()).toEqual(expect.arrayContaining(started));
  });

  // A start is CPU time of every pod: what one of a trainer's programs does without is not loaded for it.
  it.each([
    ["trainer-worker.mjs", /node_modules\/zod|node:https?"|node:child_process"/],
    ["trainer-tree-worker.mjs", /node_modules\/|node:https?"|node:child_process"/],
    ["trainer-search-trial-child.mjs", /node_modules\/zod|node:https?"/],
    ["trainer.mjs", /node_modules\/|trainer\/operators\//],
  ])("loads with %s nothing that matches %s", (program, needless) => {
    const loaded = loadedWith(program).map(textOf).join("\n");
    expect(needless.exec(loaded)?.[0]).toBeUndefined();
    // Else nothing would be loaded at all.
    expect(loaded).toMatch(/^\/\/ traintask\/random\.ts$|^\/\/ trainer\/main\.ts$/m);
  });

  it("loads of Node.js what it uses, not what its modules export besides", () => {
    const told = `process.on("exit", () => console.log(JSON.stringify(process.moduleLoadList)))`;
    const { stdout } = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(told)}`, path.join(folder, "trainer.mjs")],
      { encoding: "utf8", env: {} },
    );
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded).toContain("NativeModule http");
    const needless = [
      "internal/deps/undici/undici",
      "internal/fs/promises",
      "internal/crypto/webcrypto",
      "tls",
      "zlib",
    ];
    expect(loaded.filter((name) => needless.includes(name.replace("NativeModule ", "")))).toEqual([]);
  });

  it("finds in what it loads lazily the names that it takes", async () => {
    const namesOf = async (start: string): Promise<string[]> => {
      const file = files().find((name) => name.startsWith(start)) ?? start;
      return Object.keys((await import(path.join(folder, file))) as object).toSorted();
    };
    expect(await namesOf("client-node-")).toEqual(["KubeConfig"]);
    expect(await namesOf("client-s3-")).toEqual([
      "DeleteObjectCommand",
      "GetObjectCommand",
      "ListObjectsV2Command",
      "NoSuchKey",
      "PutObjectCommand",
      "S3Client",
      "S3ServiceException",
    ]);
    expect(await namesOf("prom-client-")).toEqual(["Gauge", "Histogram", "Registry", "collectDefaultMetrics"]);
  });

  it("holds of the Kubernetes client what reads a kubeconfig, not its 17 MB of calls", () => {
    expect(packages).toContain("node_modules/@kubernetes/client-node");
    const clients = files().filter((file) => file.startsWith("client-node-"));
    for (const file of clients) expect(statSync(path.join(folder, file)).size).toBeLessThan(2_000_000);
    expect(clients).not.toEqual([]);
  });

  it("is the same bytes each time", async () => {
    const again = mkdtempSync(path.join(tmpdir(), "bundle-"));
    await bundle(again, ["operator", "api", "trainer"]);
    expect(readdirSync(again).toSorted()).toEqual(files().toSorted());
    for (const file of files()) expect(readFileSync(path.join(again, file), "utf8") === textOf(file), file).toBe(true);
    rmSync(again, { recursive: true });
  }, 120_000);

  it("refuses a program that it does not know", async () => {
    await expect(bundle(folder, ["dashboard"])).rejects.toThrow("there is no program dashboard");
  });
});
