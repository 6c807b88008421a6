/**
 * What a person, a page or a broken client may send: each is refused by a problem document that names the field or
 * the row, the server goes on, and nothing is stored. What can only be judged in the pod is tested with the trainer.
 */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainTasks } from "../traintask/names.ts";
import { startStack } from "./api/stack.ts";
import type { Answer, Stack } from "./api/stack.ts";
import type { BadInput } from "./bad-input/bad-input.ts";
import { calls } from "./bad-input/calls.ts";
import { documents } from "./bad-input/documents.ts";
import { tables } from "./bad-input/tables.ts";
import { tasks } from "./bad-input/tasks.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

function expectProblem(answer: Answer, { status, names }: Pick<BadInput, "status" | "names">): void {
  expect(`${answer.status} ${answer.text}`).toContain(names);
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
}

describe("bad input is refused by a problem document that names what is wrong:", () => {
  for (const [name, one] of Object.entries({ ...documents, ...tasks, ...tables, ...calls })) {
    it(name, async () => {
      const { what, status, names, ...options } = one;
      expectProblem(await stack.call(what, options), { status, names });
    });
  }

  it("headers without end", async () => {
    const answer = await raw(`GET /v1/tasks HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*application\/problem\+json[^]*too large/);
  });

  it("what is no HTTP at all", async () => {
    expect(await raw("\u0016\u0003\u0001 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json/);
  });
});

describe("after all that", () => {
  it("the server answers, and nothing is stored", async () => {
    expect((await stack.call("GET /readyz")).status).toBe(200);
    expect((await stack.client.list(trainTasks)).items).toEqual([]);
    expect((await stack.call("GET /v1/datasets")).at("/items")).toEqual([]);
  });
});

function raw(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(stack.api.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
  socket.on("close", () => resolve(answer));
  socket.on("error", reject);
  socket.write(text);
  return promise;
}
