/**
 * Any spec of a TrainTask, drawn from the schema that the API server enforces: a field that is new in the schema is drawn
 * without a change here. Only where chance would hardly ever meet a rule it is helped along (`helped`), and even then it
 * also draws what the rules refuse; the rules decide which specs are taken.
 */
import fc from "fast-check";
import { trainTaskDefinition } from "../../traintask/crd.ts";
import { trainTaskLater } from "../../traintask/later.ts";
import type { Structural } from "../../traintask/structural.ts";

type Tree = Readonly<Record<string, unknown>>;
type Draw = (node: Structural, path: string) => fc.Arbitrary<unknown>;

export const specNode = trainTaskDefinition().schema.properties?.["spec"] ?? {};

/** Fields that no spec may have yet. */
const refused = new Set(
  trainTaskLater.flatMap(({ at, rule, fieldPath = "" }) =>
    rule === `!has(self${fieldPath})` ? [`${at}${fieldPath}`] : [],
  ),
);

/** Paths of all fields that a spec may have: `spec.trainer.container.env[].name`. */
export function fieldsOf(node: Structural, path: string): string[] {
  if (refused.has(path)) return [];
  const below = Object.entries(node.properties ?? {}).flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`));
  return [path, ...below, ...(node.items === undefined ? [] : fieldsOf(node.items, `${path}[]`))];
}

/** Paths of the fields that a value has. */
export function pathsIn(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => pathsIn(item, `${path}[]`))];
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => pathsIn(part, `${path}.${name}`))];
}

function draw(node: Structural, path: string): fc.Arbitrary<unknown> {
  const help = helped[path.replaceAll(/\.(required|preferred)[A-Za-z]+/g, "")];
  return help === undefined ? drawn(node, path) : help(node, path);
}

function drawn(node: Structural, path: string): fc.Arbitrary<unknown> {
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.type === "boolean") return fc.boolean();
  if (node.type === "integer") return integer(node);
  if (node.type === "string") return string(node);
  if (node.items !== undefined) {
    const bounds = { minLength: node.minItems ?? 0, maxLength: 2 };
    const [key] = node["x-kubernetes-list-map-keys"] ?? [];
    const item = draw(node.items, `${path}[]`);
    if (node["x-kubernetes-list-type"] === "set") return fc.uniqueArray(item, bounds);
    return key === undefined
      ? fc.array(item, bounds)
      : fc.uniqueArray(item, { ...bounds, selector: (one) => (one as Tree)[key] });
  }
  if (node.additionalProperties !== undefined) return map(node.additionalProperties, path);
  return fields(node, path);
}

function integer({ minimum = 0, maximum = 0 }: Structural): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }));
}

function string({ pattern, minLength = 0, maxLength = 0 }: Structural): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 8), unit: "binary" });
  return fc.stringMatching(new RegExp(pattern), { size: "-1" });
}

const labels = ["kubernetes.io/arch", "app", "node-role.kubernetes.io/control-plane"];
const amounts = ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"];

function map(values: Structural, path: string): fc.Arbitrary<unknown> {
  const keys = /\.(requests|limits)$/.test(path) ? amounts : labels;
  return fc.dictionary(fc.constantFrom(...keys), draw(values, `${path}.*`), { maxKeys: 3 });
}

function fields(node: Structural, path: string, names = Object.keys(node.properties ?? {})): fc.Arbitrary<Tree> {
  const known = names.filter((name) => !refused.has(`${path}.${name}`));
  const parts = known.map((name) => [name, draw(node.properties?.[name] ?? {}, `${path}.${name}`)] as const);
  return fc.record(Object.fromEntries(parts), {
    requiredKeys: known.filter((name) => node.required?.includes(name) === true),
  });
}

/** One of the fields, and of the others any. */
function oneOf(...choices: readonly string[]): Draw {
  return (node, path) => {
    const open = choices.filter((name) => !refused.has(`${path}.${name}`));
    const rest = Object.keys(node.properties ?? {}).filter((name) => !choices.includes(name));
    const one = open.map((name) =>
      draw(node.properties?.[name] ?? {}, `${path}.${name}`).map((value): Tree => ({ [name]: value })),
    );
    return fc.tuple(fc.oneof(...one), fields(node, path, rest)).map(([chosen, others]) => ({ ...others, ...chosen }));
  };
}

const mostly =
  (usual: fc.Arbitrary<unknown>): Draw =>
  (node, path) =>
    fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: drawn(node, path) });
/** Words that are taken, and now and then one that is not. */
const words = (good: readonly string[], bad: readonly string[] = good): Draw =>
  mostly(
    fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) }),
  );

const container = "spec.trainer.container";
const secret = words(["traintask-key", "traintask-x.y"], ["default-token", "traintask"]);
const count = mostly(fc.integer({ min: 1, max: 9 }).map(String));

/** Devices stand in limits alone; a request is no more than its limit. */
const resources: Draw = (node, path) =>
  fields(node, path).map((one) => {
    const { requests, limits } = one as { requests?: Record<string, string>; limits?: Record<string, string> };
    const { "nvidia.com/gpu": _, ...asked } = requests ?? {};
    const most = Object.fromEntries(Object.entries(limits ?? {}).map(([name, value]) => [name, asked[name] ?? value]));
    return {
      ...(requests === undefined ? {} : { requests: asked }),
      ...(limits === undefined ? {} : { limits: most }),
    };
  });

/** Operators with as many values as they take. */
const requirement: Draw = (node, path) =>
  fields(node, path).map((one) => {
    const { operator, values = [], ...rest } = one as { operator: string; values?: string[] };
    if (operator === "Exists" || operator === "DoesNotExist") return { ...rest, operator };
    if (operator === "Gt" || operator === "Lt") return { ...rest, operator, values: ["7"] };
    return { ...rest, operator, values: values.length === 0 ? ["amd64"] : values };
  });

const toleration: Draw = (node, path) =>
  fields(node, path).map((one) => {
    const { operator, value: _, ...rest } = one;
    return operator === "Exists"
      ? { ...rest, operator, effect: "NoExecute" }
      : { key: "gpu", ...one, effect: "NoExecute" };
  });

const termsOfPods = ["podAffinity", "podAntiAffinity"].flatMap((kind) =>
  ["[]", "[].podAffinityTerm"].map((term) => `${container}.affinity.${kind}${term}.labelSelector.matchExpressions[]`),
);

const helped: Readonly<Record<string, Draw>> = {
  "spec.trainer": oneOf("randomForest", "gradientBoosting", "search", "container", "container"),
  "spec.trainer.randomForest.bootstrap": mostly(fc.constant(true)),
  "spec.trainer.randomForest.classWeight": mostly(fc.constant("none")),
  "spec.trainer.search.mutationRate": words(["0.9", "0"], ["1"]),
  "spec.trainer.search.crossoverRate": words(["0.1", "0.05"], ["0.5"]),
  "spec.trainer.search.preset": mostly(fc.constant("default")),
  "spec.dataset": oneOf("csv", "uri", "synthetic", "configMap", "volume"),
  "spec.dataset.uri": words([`traintask://datasets/sha256:${"a".repeat(64)}`], ["https://host/x.csv"]),
  "spec.dataset.synthetic.kind": words(["uniform"], ["friedman1"]),
  "spec.dataset.synthetic.rows": mostly(fc.integer({ min: 1, max: 100 })),
  "spec.dataset.synthetic.noise": words(["0"], ["1.5"]),
  "spec.dataset.volume.path": words(["iris.csv", "a/b.csv", "$(HOME)/..b"], ["../up", "/etc/passwd"]),
  "spec.shards": mostly(fc.constantFrom(1, 3)),
  "spec.resources": resources,
  [`${container}.resources`]: resources,
  ...Object.fromEntries(
    ["spec.resources", `${container}.resources`].flatMap((at) =>
      ["requests", "limits"].map((list) => [`${at}.${list}.*`, count]),
    ),
  ),
  [`${container}.env[]`]: (node, path) =>
    fc.oneof(...["value", "valueFrom"].map((source) => fields(node, path, ["name", source]))),
  [`${container}.env[].name`]: words(
    ["MODE", "HOME", "PATH", "HTTPS_PROXY"],
    ["LD_PRELOAD", "NVIDIA_X", "TRAINTASK_X"],
  ),
  [`${container}.env[].valueFrom.secretKeyRef.name`]: secret,
  [`${container}.volumes[]`]: oneOf("emptyDir", "configMap", "secret", "persistentVolumeClaim"),
  [`${container}.volumes[].mountPath`]: words(["/data", "/tmp/x", "/home/trainer/.cache", "/etc"], ["/run/x", "/proc"]),
  [`${container}.volumes[].secret.secretName`]: secret,
  [`${container}.tolerations[]`]: toleration,
  [`${container}.affinity.nodeAffinity.nodeSelectorTerms[].matchExpressions[]`]: requirement,
  [`${container}.affinity.nodeAffinity[].preference.matchExpressions[]`]: requirement,
  ...Object.fromEntries(termsOfPods.map((at) => [at, requirement])),
};

/** What one part of a spec asks of another. */
function agreeing(spec: Tree): Tree {
  const { resources: own, dataset, ...drawn } = spec as { resources?: Tree; dataset?: Tree; trainer: Tree };
  const { shards, ...others } = drawn as { shards?: unknown; trainer: Tree };
  const rest = shards === undefined || drawn.trainer["randomForest"] === undefined ? others : { ...others, shards };
  const isContainer = rest.trainer["container"] !== undefined;
  if (isContainer) {
    // It reads its table by itself.
    const { weight: _weight, format: _format, ...table } = dataset ?? {};
    return { ...rest, ...(dataset === undefined || "synthetic" in dataset ? {} : { dataset: table }) };
  }
  const { weight, ...unweighted } = dataset ?? { synthetic: {} };
  const mayWeigh = weight !== undefined && rest.trainer["search"] === undefined;
  const table = mayWeigh ? { ...unweighted, weight } : unweighted;
  const given = dataset === undefined ? table : { target: "y", ...table };
  return { ...rest, ...(own === undefined ? {} : { resources: own }), dataset: given };
}

/** Specs as a person might send them, most of which an API server takes. */
export const anySpec = fc.oneof(
  { weight: 20, arbitrary: (draw(specNode, "spec") as fc.Arbitrary<Tree>).map(agreeing) },
  { weight: 1, arbitrary: draw(specNode, "spec") as fc.Arbitrary<Tree> },
);
