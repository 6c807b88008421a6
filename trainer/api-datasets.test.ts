import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataset } from "./api-datasets.ts";
import { TemporaryError } from "./errors.ts";
import { httpSender, type Send } from "./http.ts";
import { sha256 } from "./scripted-api.ts";
import { type ScriptedServer, scriptedServer } from "./scripted-server.ts";

let directory: string;
let server: ScriptedServer;
let send: Send;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "traintask-datasets-"));
  const tokenFile = path.join(directory, "token");
  writeFileSync(tokenFile, "token\n");
  server = await scriptedServer();
  send = httpSender({ url: server.url, tokenFile });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const csv = "a,b\n1,2\n".repeat(500);
const read = async (digest: string): Promise<string> => text(await openDataset(send, { namespace: "team-a", digest }));

test("the digest of a dataset is checked as it is read", async () => {
  server.api.datasets.set(sha256(csv), Buffer.from(csv));
  server.api.datasets.set("sha256:other", Buffer.from(csv));
  expect(await read(sha256(csv))).toBe(csv);
  await expect(read("sha256:other")).rejects.toThrow(TemporaryError);
});

test("a dataset that is not there is a refusal of the API's", async () => {
  await expect(read("sha256:nowhere")).rejects.toThrow(/^The API answered 503: /);
});
