/**
 * Writes the programs that images carry: each one file and what it loads lazily or in a thread, without node_modules.
 *
 *     node scripts/bundle.ts <folder> <program>...      programs: operator, api, trainer
 *
 * The same sources give the same bytes. Beside the programs lies sbom.json, which names every package in them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { packagesOf, softwareBillOfMaterials } from "./sbom.ts";

const root = path.join(import.meta.dirname, "..");

/** What is started, and the threads and processes that it starts, each named after its file. */
const entryPoints: Readonly<Record<string, readonly string[]>> = {
  operator: ["operator/main.ts"],
  api: ["api/main.ts", "api/predict/worker.ts"],
  trainer: [
    "trainer/main.ts",
    "trainer/worker.ts",
    "trainer/tree-worker.ts",
    "trainer/engine/library-process.ts",
    "trainer/search/reading-worker.ts",
    "trainer/search/trial-child.ts",
  ],
};

/** `api/main.ts` becomes `api`, `api/predict/worker.ts` becomes `api-predict-worker`. */
function nameOf(file: string): string {
  return file.replace(/(\/main)?\.ts$/, "").replaceAll("/", "-");
}

/** A thread is started from a file beside its starter; in the bundle all files lie side by side. */
function threads(files: readonly string[]): esbuild.Plugin {
  return {
    name: "threads",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const contents = readFileSync(file, "utf8").replaceAll(
          /new URL\("(\.[^"]*\.ts)", import\.meta\.url\)/g,
          (_, target: string) => {
            const thread = path.relative(root, path.join(path.dirname(file), target));
            if (!files.includes(thread)) throw new Error(`${file} starts ${thread}, which scripts/bundle.ts must name`);
            return `new URL("./${nameOf(thread)}.mjs", import.meta.url)`;
          },
        );
        return { contents, loader: "ts" };
      });
    },
  };
}

/**
 * What is loaded only when it is needed, and what is then taken of it. Without these names a bundle would hold all 17 MB
 * of the Kubernetes client, and of a package in CommonJS only its default export.
 */
const lazy: Readonly<Record<string, readonly string[]>> = {
  "@kubernetes/client-node": ["KubeConfig"],
  "@aws-sdk/client-s3": [
    "DeleteObjectCommand",
    "GetObjectCommand",
    "ListObjectsV2Command",
    "NoSuchKey",
    "PutObjectCommand",
    "S3Client",
    "S3ServiceException",
  ],
  "prom-client": ["Gauge", "Histogram", "Registry", "collectDefaultMetrics"],
};

const lazyPackages: esbuild.Plugin = {
  name: "lazy-packages",
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path: name, kind, importer }) => {
      if (kind !== "dynamic-import" || name.startsWith("node:") || importer.includes("/node_modules/"))
        return undefined;
      if (lazy[name] === undefined) throw new Error(`${importer} loads ${name}, which scripts/bundle.ts must name`);
      return { path: name, namespace: "lazy" };
    });
    build.onLoad({ filter: /.*/, namespace: "lazy" }, ({ path: name }) => ({
      contents: `export { ${lazy[name]?.join(", ")} } from "${name}";`,
      resolveDir: root,
    }));
  },
};

/** What undici has that the Kubernetes client names, for requests that we do not send through it. */
const undici = ["Agent", "ProxyAgent", "fetch"];

/** Parts of packages that nobody here asks for, and that each process would keep in memory: 6 MiB of it. */
const leftOut: esbuild.Plugin = {
  name: "left-out",
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "left-out" }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents: `function leftOut() { throw new Error("scripts/bundle.ts has left undici out"); }
        export { ${undici.map((name) => `leftOut as ${name}`).join(", ")} };`,
    }));
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/**
 * Node.js's own modules, of each what is asked of it. An `import` would read all that such a module exports, and much of
 * that is loaded when it is first read: with `node:http` a WebSocket, with `node:process` the console's streams.
 */
const builtIns: esbuild.Plugin = {
  name: "built-ins",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path: name, kind }) =>
      kind === "require-call" ? undefined : { path: name, namespace: "built-in" },
    );
    build.onLoad({ filter: /.*/, namespace: "built-in" }, async ({ path: name }) => {
      const { default: _, ...exported } = (await import(name)) as Record<string, unknown>;
      const names = Object.keys(exported).map((key) => `export const ${key} = /* @__PURE__ */ (() => all.${key})();`);
      return { contents: `const all = process.getBuiltinModule("${name}");\nexport default all;\n${names.join("\n")}` };
    });
  },
};

/** @returns the packages of which something is in the bundle, as folders below node_modules */
export async function bundle(folder: string, programs: readonly string[]): Promise<string[]> {
  const files = programs.flatMap((program) => {
    const entries = entryPoints[program];
    if (entries === undefined)
      throw new Error(`there is no program ${program}: ${Object.keys(entryPoints).join(", ")}`);
    return entries;
  });
  const inputs = await Promise.all(files.map((entry) => bundleOne(entry, { folder, files })));
  return packagesOf(inputs.flat());
}

/** Each by itself: what programs share would else lie in many small files, and each start would have to find and open them. */
async function bundleOne(
  entry: string,
  { folder, files }: { readonly folder: string; readonly files: readonly string[] },
): Promise<string[]> {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { [nameOf(entry)]: entry },
    outdir: path.resolve(folder),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    legalComments: "inline",
    // Paths stand in the bundle: they are the same wherever node_modules really lies.
    preserveSymlinks: true,
    logLevel: "warning",
    metafile: true,
    plugins: [threads(files), builtIns, lazyPackages, leftOut],
    // Packages in CommonJS require Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
}

if (import.meta.main) {
  const [folder, ...programs] = process.argv.slice(2);
  if (folder === undefined || programs.length === 0) {
    console.error("usage: node scripts/bundle.ts <folder> <program>...");
    process.exit(2);
  }
  mkdirSync(folder, { recursive: true });
  const packages = await bundle(folder, programs);
  const bill = softwareBillOfMaterials(root, [...packages, "node_modules/node"]);
  writeFileSync(path.join(folder, "sbom.json"), `${JSON.stringify(bill, null, 2)}\n`);
}
