/** Documents that are no task: what the API server, or this door before it, refuses. */
import type { BadInput } from "./bad-input.ts";

const trainer = { randomForest: {} };
const dataset = { synthetic: {} };
const json = { "content-type": "application/json" };
const task = (spec: object, metadata: object = {}): object => ({ metadata, spec });
const post = { what: "POST /v1/tasks" };

export const tasks: Record<string, BadInput> = {
  "no spec": { ...post, body: {}, status: 422, names: "/spec" },
  "a spec that is a text": { ...post, body: { spec: "forest" }, status: 422, names: "/spec" },
  "no trainer": { ...post, body: task({ dataset }), status: 422, names: "/spec/trainer" },
  "two trainers": {
    ...post,
    body: task({ trainer: { randomForest: {}, container: { image: "x" } }, dataset }),
    status: 422,
    names: "exactly one trainer",
  },
  "a search in shards": {
    ...post,
    body: task({ trainer: { search: {} }, dataset, shards: 2 }),
    status: 422,
    names: "/spec/shards",
  },
  "a search whose rates are more than all": {
    ...post,
    body: task({ trainer: { search: { mutationRate: "0.8", crossoverRate: "0.3" } }, dataset }),
    status: 422,
    names: "/spec/trainer/search/mutationRate",
  },
  "a search with an operator that nobody knows": {
    ...post,
    body: task({ trainer: { search: { operators: ["oracle"] } }, dataset }),
    status: 422,
    names: "/spec/trainer/search/operators/0",
  },
  "a search with an operator twice": {
    ...post,
    body: task({ trainer: { search: { operators: ["standardScaler", "standardScaler"] } }, dataset }),
    status: 422,
    names: "/spec/trainer/search/operators/1",
  },
  "a search by weighted rows": {
    ...post,
    body: task({ trainer: { search: {} }, dataset: { csv: "a,b\n1,2\n", target: "b", weight: "a" } }),
    status: 422,
    names: "/spec/dataset/weight",
  },
  "an unknown field": { ...post, body: task({ trainer, dataset, colour: 1 }), status: 400, names: "/spec/colour" },
  "an unknown field deep inside": {
    ...post,
    body: task({ trainer: { randomForest: { nTrees: 5 } }, dataset }),
    status: 400,
    names: "/spec/trainer/randomForest/nTrees",
  },
  "a text for a number": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: "many" } }, dataset }),
    status: 422,
    names: "/spec/trainer/randomForest/nEstimators",
  },
  "a fraction for an integer": {
    ...post,
    body: task({ trainer, dataset, shards: 1.5 }),
    status: 422,
    names: "/spec/shards",
  },
  "no trees": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: 0 } }, dataset }),
    status: 422,
    names: "nEstimators",
  },
  "a billion trees": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: 1e9 } }, dataset }),
    status: 422,
    names: "nEstimators",
  },
  "a seed beyond 2^53": {
    ...post,
    headers: json,
    body: '{"spec": {"trainer": {"randomForest": {}}, "dataset": {"synthetic": {}}, "seed": 9007199254740993}}',
    status: 422,
    names: "/spec/seed",
  },
  "no dataset": { ...post, body: task({ trainer }), status: 422, names: "dataset is required" },
  "two data sources": {
    ...post,
    body: task({ trainer, dataset: { synthetic: {}, csv: "a\n1\n", target: "a" } }),
    status: 422,
    names: "exactly one data source",
  },
  "no target": { ...post, body: task({ trainer, dataset: { csv: "a,b\n1,2\n" } }), status: 422, names: "target" },
  "an inline table of 100 KB": {
    ...post,
    body: task({ trainer, dataset: { csv: "x".repeat(100_000), target: "a" } }),
    status: 422,
    names: "/spec/dataset/csv",
  },
  "a dataset that is not there": {
    ...post,
    body: task({ trainer, dataset: { uri: `traintask://datasets/sha256:${"0".repeat(64)}`, target: "a" } }),
    status: 422,
    names: "/spec/dataset/uri",
  },
  "a digest that is none": {
    ...post,
    body: task({ trainer, dataset: { uri: "traintask://datasets/1", target: "a" } }),
    status: 422,
    names: "uri",
  },
  "another kind": { ...post, body: { kind: "Pod", ...task({ trainer, dataset }) }, status: 400, names: "/kind" },
  "another version": {
    ...post,
    body: { apiVersion: "traintask.dev/v9", ...task({ trainer, dataset }) },
    status: 400,
    names: "/apiVersion",
  },
  "a bad name": { ...post, body: task({ trainer, dataset }, { name: "Iris!" }), status: 422, names: "/metadata/name" },
  "a name of 64 characters": {
    ...post,
    body: task({ trainer, dataset }, { name: "x".repeat(64) }),
    status: 422,
    names: "63",
  },
  "a name that is a number": { ...post, body: task({ trainer, dataset }, { name: 7 }), status: 400, names: "metadata" },
  "metadata that is a list": {
    ...post,
    body: { metadata: [], spec: { trainer, dataset } },
    status: 400,
    names: "/metadata",
  },
  "a bad label": {
    ...post,
    body: task({ trainer, dataset }, { labels: { "a b": "c" } }),
    status: 422,
    names: "labels",
  },
  "a namespace that leads elsewhere": {
    ...post,
    body: task({ trainer, dataset }, { namespace: "../../v1/namespaces" }),
    status: 400,
    names: "/metadata/namespace",
  },
  "two namespaces": {
    what: "POST /v1/tasks?namespace=a",
    body: task({ trainer, dataset }, { namespace: "b" }),
    status: 400,
    names: "/metadata/namespace",
  },
  "a namespace that is not there": {
    what: "POST /v1/tasks?namespace=nowhere",
    body: task({ trainer, dataset }),
    status: 404,
    names: "nowhere",
  },
  "an Idempotency-Key with spaces": {
    ...post,
    headers: { "idempotency-key": "a b" },
    body: task({ trainer, dataset }),
    status: 400,
    names: "idempotency-key",
  },
};
