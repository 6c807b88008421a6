import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTask, endTask, startPod } from "../../test/api/pod.ts";
import { startStack, until } from "../../test/api/stack.ts";
import type { Answer, Stack } from "../../test/api/stack.ts";

const table = "size,colour,price\n1.5,red,10\n2,blue,11\n,red,12\n4,red,12\n";
const digest = `sha256:${createHash("sha256").update(table).digest("hex")}`;
const uri = `traintask://datasets/${digest}`;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settings: { maxDatasetBytes: 10_000, maxNamespaceDatasetBytes: 12_000 } });
});
afterAll(async () => {
  await stack.close();
});

const put = (body: string | Uint8Array, namespace = "default", type = "text/csv; charset=utf-8"): Promise<Answer> =>
  stack.call(`PUT /v1/datasets?namespace=${namespace}`, { headers: { "content-type": type }, body });
const list = async (namespace = "default"): Promise<unknown> =>
  (await stack.call(`GET /v1/datasets?namespace=${namespace}`)).at("/items");

describe("PUT /v1/datasets", () => {
  it("answers digest, uri, columns and rows; the same table again is the same dataset", async () => {
    const answer = await put(table);
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.text)).toEqual({
      digest,
      uri,
      sizeBytes: table.length,
      rows: 4,
      columns: [
        { name: "size", type: "number" },
        { name: "colour", type: "category" },
        { name: "price", type: "number" },
      ],
    });
    expect((await put(table)).text).toBe(answer.text);
    expect(await list()).toHaveLength(1);
  });

  it.each([
    ["gzip", gzipSync(table)],
    ["zstd", zstdCompressSync(table)],
  ])("looks into a table that is compressed by %s, and keeps it as it was sent", async (name, sent) => {
    for (const type of [`application/${name}`, "text/csv"]) {
      const answer = await put(sent, "compressed", type);
      expect(JSON.parse(answer.text)).toMatchObject({
        digest: `sha256:${createHash("sha256").update(sent).digest("hex")}`,
        sizeBytes: sent.length,
        rows: 4,
        columns: [{ name: "size" }, { name: "colour" }, { name: "price" }],
      });
    }
  });

  it("looks at a table as it is said to be written", async () => {
    const format = new URLSearchParams({ namespace: "written", separator: ";", decimal: "," });
    const answer = await stack.call(`PUT /v1/datasets?${format.toString()}`, {
      headers: { "content-type": "text/csv" },
      body: "a;b\n1,5;x\n2,5;x\n",
    });
    expect(answer.at("/columns")).toEqual([
      { name: "a", type: "number" },
      { name: "b", type: "category" },
    ]);
    const unknown = await stack.call("PUT /v1/datasets?separator=x", {
      headers: { "content-type": "text/csv" },
      body: "a",
    });
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining("separator")]);
  });

  it("keeps the namespaces apart", async () => {
    await put(table, "lab");
    expect(await list("lab")).toHaveLength(1);
    expect(await list("empty")).toEqual([]);
  });

  it("refuses what is larger than a dataset may be, or would not fit into the namespace, and keeps nothing of it", async () => {
    const rows = (count: number): string => `a,b\n${"1,2\n".repeat(count)}`;
    const uploads = (): number => readdirSync(path.join(stack.dataDir, "artifacts/datasets/uploads")).length;
    const before = uploads();
    expect((await put(rows(5000), "small")).status).toBe(413);
    expect((await put(rows(2400), "small")).status).toBe(201);
    const full = await put(rows(2300), "small");
    expect([full.status, full.text]).toEqual([413, expect.stringContaining("delete some")]);
    expect(await list("small")).toHaveLength(1);
    expect(uploads()).toBe(before + 1);
  });
});

describe("a dataset that a task names", () => {
  it("must be there, in the task's namespace", async () => {
    await put(table);
    const body = {
      metadata: { name: "uses" },
      spec: { trainer: { randomForest: {} }, dataset: { uri, target: "price" } },
    };
    expect((await stack.call("POST /v1/tasks", { body })).status).toBe(201);
    const missing = await stack.call("POST /v1/tasks?namespace=kube-system", {
      body: { ...body, metadata: { name: "elsewhere" } },
    });
    expect([missing.status, missing.at("/errors/0/pointer")]).toEqual([422, "/spec/dataset/uri"]);
  });

  it("is read by the pod of a task that names it, and by no other", async () => {
    await put(table);
    const task = await createTask(stack, "reader", { dataset: { uri, target: "price" } });
    const pod = await startPod(stack, task);
    const other = await startPod(stack, await createTask(stack, "stranger"));
    await until(async () => (await stack.call("GET /v1/tasks?limit=500")).text.includes('"name":"stranger"'));
    const get = (token: string): Promise<Answer> =>
      stack.call(`GET /v1/datasets/${digest}`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await get(pod.token);
    expect([answer.status, answer.text]).toEqual([200, table]);
    expect((await get(other.token)).status).toBe(401);
    expect((await stack.call(`GET /v1/datasets/${digest}`)).status).toBe(401);
  });

  it("can be deleted only when no unfinished task names it", async () => {
    const own = `${table}3,red,13\n`;
    const made = await put(own);
    const task = await createTask(stack, "holder", { dataset: { uri: made.at("/uri"), target: "price" } });
    const refused = await stack.call(`DELETE /v1/datasets/${String(made.at("/digest"))}`);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("holder")]);
    await endTask(stack, task, { type: "Complete", reason: "Trained" });
    expect((await stack.call(`DELETE /v1/datasets/${String(made.at("/digest"))}`)).status).toBe(204);
    expect((await stack.call(`DELETE /v1/datasets/${String(made.at("/digest"))}`)).status).toBe(404);
  });
});
