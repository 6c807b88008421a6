/** Requests that are no call of this API, or that come from somebody who may not make it. */
import type { BadInput } from "./bad-input.ts";

const trainer = { randomForest: {} };
const dataset = { synthetic: {} };
const json = { "content-type": "application/json" };
const task = (spec: object, metadata: object = {}): object => ({ metadata, spec });
const post = { what: "POST /v1/tasks" };

export const calls: Record<string, BadInput> = {
  "an unknown path": { what: "GET /v2/tasks", status: 404, names: "/openapi.json" },
  "a path that escapes": { what: "GET /v1/tasks/..%2f..%2fetc", status: 400, names: "name" },
  "a path that cannot be decoded": { what: "GET /v1/tasks/%E0%A4%A", status: 400, names: "decode" },
  "a wrong method": { what: "PUT /v1/tasks", headers: json, body: "{}", status: 405, names: "GET" },
  "HEAD on a call that writes": { what: "HEAD /AddTask", status: 405, names: "" },
  "an unknown parameter": { what: "GET /v1/tasks?namespce=x", status: 400, names: "namespce" },
  "a parameter twice": { what: "GET /v1/tasks?namespace=a&namespace=b", status: 400, names: "namespace" },
  "a limit that is no number": { what: "GET /v1/tasks?limit=ten", status: 400, names: "limit" },
  "a state that does not exist": { what: "GET /v1/tasks?state=Happy", status: 400, names: "state" },
  "a label selector that does not parse": {
    what: "GET /v1/tasks?labelSelector=a%20~%20b",
    status: 400,
    names: "labelSelector",
  },
  "a continue of somebody else": { what: "GET /v1/tasks?continue=abc", status: 400, names: "continue" },
  "a task that is not there": { what: "GET /v1/tasks/nobody", status: 404, names: "nobody" },
  "a patch of something else than the spec": {
    what: "PATCH /v1/tasks/nobody",
    body: { spec: {}, status: {} },
    status: 400,
    names: "/status",
  },
  "a form, as an HTML page would send it": {
    ...post,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "spec=1",
    status: 415,
    names: "content-type",
  },
  "plain text": { ...post, headers: { "content-type": "text/plain" }, body: "{}", status: 415, names: "content-type" },
  "no content type": { ...post, body: new TextEncoder().encode("{}"), status: 415, names: "content-type" },
  "a compressed body": {
    ...post,
    headers: { ...json, "content-encoding": "gzip" },
    body: "x",
    status: 415,
    names: "gzip",
  },
  "a foreign Host": { what: "GET /v1/tasks", headers: { host: "evil.example" }, status: 403, names: "evil.example" },
  "a page from elsewhere": {
    what: "GET /AddTask",
    headers: { "sec-fetch-site": "cross-site" },
    status: 403,
    names: "other sites",
  },
  "a page of a sibling site": {
    what: "GET /AddTask",
    headers: { "sec-fetch-site": "same-site" },
    status: 403,
    names: "other sites",
  },
  "a foreign Origin": {
    ...post,
    headers: { origin: "http://evil.example" },
    body: task({ trainer, dataset }),
    status: 403,
    names: "evil.example",
  },
  "the Origin of a sandbox": {
    ...post,
    headers: { origin: "null" },
    body: task({ trainer, dataset }),
    status: 403,
    names: "null",
  },
  "a chunk without a token": {
    what: "PUT /v1/tasks/nobody/streams/model/0?offset=0",
    body: "x",
    status: 401,
    names: "token",
  },
  "a chunk with a made-up token": {
    what: "PUT /v1/tasks/nobody/streams/model/0?offset=0",
    headers: { authorization: "Bearer x.y.z" },
    body: "x",
    status: 401,
    names: "token",
  },
  "a dataset without a token": { what: `GET /v1/datasets/sha256:${"0".repeat(64)}`, status: 401, names: "token" },
};
