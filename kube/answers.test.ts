import { describe, expect, it } from "vitest";
import { readAnswer, warningsIn } from "./answers.ts";
import * as errors from "./errors.ts";

interface Scripted {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

function read({ status = 200, headers = {}, body = {} }: Scripted): Promise<unknown> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const all = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    // Cut in the middle of a UTF-8 sequence, where there is one.
    const middle = all.findIndex((byte) => byte >= 0xc0) + 1;
    yield await Promise.resolve(new Uint8Array(all.subarray(0, middle)));
    yield all.subarray(middle);
  }
  return readAnswer({ status, headers, body: bytes() }, "GET /x");
}

describe("an answer that says yes", () => {
  it("is its JSON, however the bytes came", async () => {
    expect(await read({ body: { text: "Größe" } })).toEqual({ text: "Größe" });
  });
});

describe("an answer that says no is", () => {
  const cases: Record<string, [answer: Scripted, expected: new (...args: never[]) => Error]> = {
    "a BadRequestError for 400": [{ status: 400 }, errors.BadRequestError],
    "a ForbiddenError for 401": [{ status: 401 }, errors.ForbiddenError],
    "a ForbiddenError for 403": [{ status: 403 }, errors.ForbiddenError],
    "a NotFoundError for 404": [{ status: 404 }, errors.NotFoundError],
    "an AlreadyExistsError for that reason": [
      { status: 409, body: { kind: "Status", code: 409, reason: "AlreadyExists" } },
      errors.AlreadyExistsError,
    ],
    "a ConflictError for 409": [{ status: 409 }, errors.ConflictError],
    "a GoneError for 410": [{ status: 410 }, errors.GoneError],
    "an InvalidError for 422": [{ status: 422 }, errors.InvalidError],
    "a ThrottledError for 429": [{ status: 429 }, errors.ThrottledError],
    "a ThrottledError for 503 with Retry-After": [
      { status: 503, headers: { "retry-after": "2" } },
      errors.ThrottledError,
    ],
    "a ServerError for 503 without": [{ status: 503 }, errors.ServerError],
    "a ServerError for 500": [{ status: 500 }, errors.ServerError],
    "an ApiError for anything else": [{ status: 302 }, errors.ApiError],
    "a TransportError for JSON that is cut short": [{ body: '{"metadata":' }, errors.TransportError],
    "a TransportError for a page of HTML": [{ body: "<html>" }, errors.TransportError],
  };
  for (const [name, [answer, expected]] of Object.entries(cases)) {
    it(name, async () => {
      await expect(read(answer)).rejects.toBeInstanceOf(expected);
    });
  }

  it("told in the server's words, with the fields that it names", async () => {
    const details = { causes: [{ field: "spec.seed", message: "must be an integer" }] };
    const body = { kind: "Status", code: 422, reason: "Invalid", message: "no good", details };
    const answer = { status: 422, body };
    await expect(read(answer)).rejects.toMatchObject({ message: "no good", code: 422, status: { details } });
  });

  it("told in a proxy's words, cut to a readable length", async () => {
    const answer = { status: 502, body: `Bad Gateway ${"x".repeat(10_000)}` };
    const error = await read(answer).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: "ServerError" });
    expect((error as Error).message).toMatch(/^the API server answered 502: Bad Gateway x+$/);
    expect((error as Error).message.length).toBeLessThan(400);
  });

  it("one that says when to come back", async () => {
    const header = { status: 429, headers: { "retry-after": "7" }, body: "Too many requests" };
    await expect(read(header)).rejects.toMatchObject({ retryAfterSeconds: 7 });
    const body = { kind: "Status", code: 429, details: { retryAfterSeconds: 3 } };
    await expect(read({ status: 429, body })).rejects.toMatchObject({
      retryAfterSeconds: 3,
    });
    const date = { status: 429, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } };
    await expect(read(date)).rejects.toMatchObject({ retryAfterSeconds: undefined });
  });
});

describe("the texts of a Warning header", () => {
  const cases: Record<string, [header: string, texts: string[]]> = {
    "are one": ['299 - "so"', ["so"]],
    "are several": ['299 - "one, two", 299 kube "three"', ["one, two", "three"]],
    "may quote": ['299 - "field \\"a\\\\b\\""', ['field "a\\b"']],
    "are none where there is no sense in it": ["nonsense", []],
  };
  for (const [name, [header, texts]] of Object.entries(cases))
    it(name, () => expect(warningsIn(header)).toEqual(texts));
});
