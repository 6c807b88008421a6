/** Bodies that are no document: broken JSON and YAML, and what would be too costly to read. */
import type { BadInput } from "./bad-input.ts";

const json = { "content-type": "application/json" };
const yaml = { "content-type": "application/yaml" };
const post = { what: "POST /v1/tasks" };
/** Nine aliases of nine aliases, eight deep: 43 million values in 300 bytes. */
const bomb =
  "a: &a [x, x, x, x, x, x, x, x, x]\n" +
  ["b", "c", "d", "e", "f", "g", "h"]
    .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]\n`)
    .join("");

export const documents: Record<string, BadInput> = {
  "an empty body": { ...post, headers: json, body: "", status: 400, names: "it is empty" },
  "JSON that is cut off": { ...post, headers: json, body: '{"spec": {', status: 400, names: "not JSON" },
  "JSON with a trailing comma": { ...post, headers: json, body: '{"spec": {},\n}', status: 400, names: "line 2" },
  "NaN, which JSON does not have": { ...post, headers: json, body: '{"spec": NaN}', status: 400, names: "not JSON" },
  "a number too large to be finite": {
    ...post,
    headers: json,
    body: '{"spec": {"seed": 1e999}}',
    status: 400,
    names: "/spec/seed",
  },
  "a key that stands twice": {
    ...post,
    headers: json,
    body: '{"spec": {"seed": 1, "trainer": {}, "seed": 2}}',
    status: 400,
    names: "/spec/seed",
  },
  "a key __proto__": {
    ...post,
    headers: json,
    body: '{"spec": {"__proto__": {"cancel": true}}}',
    status: 400,
    names: "__proto__",
  },
  "nesting without end": {
    ...post,
    headers: json,
    body: "[".repeat(50_000) + "]".repeat(50_000),
    status: 400,
    names: "nested",
  },
  "bytes that are no text": {
    ...post,
    headers: json,
    body: new Uint8Array([0x22, 0xff, 0x22]),
    status: 400,
    names: "UTF-8",
  },
  "a list in place of a task": { ...post, body: [1, 2], status: 400, names: "must be an object" },
  "null in place of a task": { ...post, headers: json, body: "null", status: 400, names: "must be an object" },
  "a body of 2 MB": { ...post, headers: json, body: `"${"x".repeat(2_000_000)}"`, status: 413, names: "larger than" },
  "YAML with a bad indent": { ...post, headers: yaml, body: "spec:\n  a: 1\n b: 2\n", status: 400, names: "line" },
  "YAML with a tab": { ...post, headers: yaml, body: "spec:\n\ttrainer: {}\n", status: 400, names: "not YAML" },
  "two YAML documents": { ...post, headers: yaml, body: "a: 1\n---\nb: 2\n", status: 400, names: "one YAML document" },
  "YAML aliases that grow to billions": { ...post, headers: yaml, body: bomb, status: 400, names: "YAML" },
  "YAML with a key twice": { ...post, headers: yaml, body: "spec: {}\nspec: {}\n", status: 400, names: "line 2" },
  "YAML's .nan": { ...post, headers: yaml, body: "spec: {seed: .nan}\n", status: 400, names: "/spec/seed" },
  "YAML with a tag of JavaScript": {
    ...post,
    headers: yaml,
    body: "spec: !!js/function 'x'\n",
    status: 400,
    names: "tag",
  },
  "YAML nested without end": { ...post, headers: yaml, body: "[".repeat(20_000), status: 400, names: "YAML" },
};
