import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chunkAnswerSchema } from "../traintask/chunk-answer.ts";
import { ChunkConflictError } from "./api-answer.ts";
import { type Api, apiClient } from "./api.ts";
import { ModelTooLargeError, TemporaryError } from "./errors.ts";
import { httpSender } from "./http.ts";
import { problem, type ScriptedServer, scriptedServer } from "./scripted-server.ts";

const progress = { trainerStatus: { progressPercentage: 5, lastUpdatedTime: "2030-01-01T00:00:00Z" } };
let directory: string;
let server: ScriptedServer;
let tokenFile: string;
let api: Api;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "traintask-api-"));
  tokenFile = path.join(directory, "token");
  writeFileSync(tokenFile, "first\n");
  server = await scriptedServer();
  api = apiClient(httpSender({ url: server.url, tokenFile, idleMs: 500 }), { namespace: "team-a", name: "iris" });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const place = { stream: "model", shard: 0, offset: 0 } as const;

describe("the calls", () => {
  test("name task, namespace and place as the contract says", async () => {
    await api.postProgress(progress);
    await api.putChunk(place, { bytes: Buffer.from("a\n"), last: true });
    await text((await api.openStream({ stream: "log", shard: 2, offset: 7 })).bytes);
    expect(server.requests).toEqual([
      "POST /v1/tasks/iris/progress?namespace=team-a",
      "PUT /v1/tasks/iris/streams/model/0?namespace=team-a&offset=0&last=true",
      "GET /v1/tasks/iris/streams/log/2?namespace=team-a&offset=7",
    ]);
    expect(server.api.progress).toEqual([progress]);
  });

  test("store a chunk and read it back from any offset, with length and whether it is done", async () => {
    expect(await api.putChunk(place, { bytes: Buffer.from("one\n") })).toEqual({ length: 4, open: [0] });
    expect(await api.putChunk({ ...place, offset: 4 }, { bytes: Buffer.from("two\n"), last: true })).toEqual({
      length: 8,
      open: [],
    });
    const stored = await api.openStream({ ...place, offset: 4 });
    expect([stored.length, stored.done, await text(stored.bytes)]).toEqual([8, true, "two\n"]);
  });

  test("tell the true length where other bytes are stored", async () => {
    await api.putChunk(place, { bytes: Buffer.from("one\n") });
    const error: unknown = await api
      .putChunk(place, { bytes: Buffer.from("two\n") })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChunkConflictError);
    expect((error as ChunkConflictError).length).toBe(4);
  });

  test("read the token anew for each request, as Kubernetes rotates it", async () => {
    await api.postProgress(progress);
    writeFileSync(tokenFile, "second\n");
    await api.postProgress(progress);
    expect(server.authorizations).toEqual(["Bearer first", "Bearer second"]);
  });

  test("keep one connection for calls that follow each other", async () => {
    for (let call = 0; call < 10; call++) await api.postProgress(progress);
    expect(server.connections()).toBe(1);
  });
});

describe("answers", () => {
  const temporary: Record<string, number> = {
    "an overloaded API": 503,
    "a failing API": 500,
    "a full disk": 507,
    "too many requests": 429,
    "a token that is not accepted yet": 401,
    "a pod that is not known yet": 403,
    "a task that is not known yet": 404,
  };
  test.each(Object.entries(temporary))("%s is worth another try", async (_, status) => {
    server.interfere = (_request, response) => (problem(response, status, { detail: "why" }), true);
    const error: unknown = await api.postProgress(progress).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TemporaryError);
    expect((error as Error).message).toBe(`The API answered ${status}: why`);
  });

  test("say how long to wait", async () => {
    server.interfere = (_request, response) => {
      response.setHeader("retry-after", "7");
      problem(response, 429);
      return true;
    };
    await expect(api.postProgress(progress)).rejects.toMatchObject({ retryAfterMs: 7000 });
  });

  test("refusals are worth a minute only, an overloaded API more", async () => {
    server.interfere = (_request, response) => (problem(response, 403), true);
    await expect(api.postProgress(progress)).rejects.toMatchObject({ patienceMs: 60_000 });
    server.interfere = (_request, response) => (problem(response, 503), true);
    await expect(api.postProgress(progress)).rejects.toMatchObject({ patienceMs: undefined });
  });

  test("a part beyond its limit is a model that is too large", async () => {
    server.interfere = (_request, response) => (problem(response, 413, { detail: "limit" }), true);
    const bytes = Buffer.from("a\n");
    await expect(api.putChunk(place, { bytes })).rejects.toThrow(new ModelTooLargeError("limit"));
    const log: unknown = await api.putChunk({ ...place, stream: "log" }, { bytes }).catch((reason: unknown) => reason);
    expect(log).not.toBeInstanceOf(ModelTooLargeError);
  });

  test("any other refusal is not tried again", async () => {
    server.interfere = (_request, response) => (problem(response, 400, { detail: "no" }), true);
    const error: unknown = await api.postProgress(progress).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(TemporaryError);
    expect((error as Error).message).toBe("The API answered 400: no");
  });
});

describe("connections that fail", () => {
  test("a server that is down", async () => {
    await server.down();
    await expect(api.postProgress(progress)).rejects.toThrow(TemporaryError);
    await server.up();
    await api.postProgress(progress);
  });

  test("a server that never answers", async () => {
    server.interfere = () => true;
    await expect(api.postProgress(progress)).rejects.toThrow(/no answer for 0.5 s/);
  });

  test("an answer that is cut off in the middle", async () => {
    server.interfere = (_request, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("half", () => response.destroy());
      return true;
    };
    const { bytes } = await api.openStream(place);
    await expect(text(bytes)).rejects.toThrow(TemporaryError);
    await expect(api.putChunk(place, { bytes: Buffer.from("a\n") })).rejects.toThrow(TemporaryError);
  });

  test.each([
    null,
    7,
    {},
    { length: 2 },
    { length: -1, open: [] },
    { length: 2, open: [0.5] },
    { length: 2, open: [0] },
  ])("an answer to a chunk that says %j: taken where it has the contract's shape, and else no answer", async (said) => {
    server.interfere = (_request, response) => (response.end(JSON.stringify(said)), true);
    const answer = api.putChunk(place, { bytes: Buffer.from("a\n") });
    if (chunkAnswerSchema.safeParse(said).success) expect(await answer).toEqual(said);
    else await expect(answer).rejects.toThrow(TemporaryError);
  });

  test("something that does not speak HTTP", async () => {
    const other = createServer((socket) => socket.end("hello\n"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const odd = apiClient(httpSender({ url, tokenFile }), { namespace: "a", name: "b" });
    await expect(odd.postProgress(progress)).rejects.toThrow(TemporaryError);
    other.close();
  });

  test("a token file that is not there yet", async () => {
    rmSync(tokenFile);
    await expect(api.postProgress(progress)).rejects.toThrow(TemporaryError);
    writeFileSync(tokenFile, "late");
    await api.postProgress(progress);
  });

  test("a call that is aborted", async () => {
    server.interfere = () => true;
    const abort = new AbortController();
    const call = api.postProgress(progress, abort.signal);
    abort.abort();
    await expect(call).rejects.toThrow(TemporaryError);
  });
});
