import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";

const spec = {
  trainer: { randomForest: { nEstimators: 5 } },
  dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

describe("POST /v1/tasks", () => {
  it("answers 201 with the resource, its address and links", async () => {
    const answer = await stack.call("POST", "/v1/tasks", { body: { metadata: { name: "iris" }, spec } });
    expect(answer.text).toContain("iris");
    expect(answer.status).toBe(201);
    expect(answer.json["links"].self).toBe(`${stack.api.url}/v1/tasks/iris`);
    expect(answer.headers["location"]).toBe(answer.json["links"].self);
    expect(answer.json["status"].state).toBe("Queued");
  });
});
