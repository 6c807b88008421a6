import { afterEach, describe, expect, it } from "vitest";
import { startStack } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { TransportError } from "../kube/errors.ts";
import type { Transport } from "../kube/transport.ts";
import { trainTasks } from "../traintask/names.ts";

const spec = { trainer: { randomForest: {} }, dataset: { synthetic: {} } };

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.close();
});

/** Does the first creation of a task, and loses the reply. */
function loseFirstReply(send: Transport["send"]): Transport["send"] {
  let lost = false;
  return async (request) => {
    const response = await send(request);
    if (lost || request.method !== "POST" || !request.path.includes("/traintasks")) return response;
    lost = true;
    throw new TransportError("the connection was reset");
  };
}

describe("a submit whose reply was lost on the way from the API server", () => {
  it("is a 503 that says so, and with an Idempotency-Key the same request finds the one task that was made", async () => {
    stack = await startStack({ wrap: loseFirstReply });
    const request = { headers: { "idempotency-key": "once" }, body: { spec } };
    const first = await stack.call("POST /v1/tasks", request);
    expect([first.status, first.text]).toEqual([503, expect.stringContaining("may have been done")]);
    expect((await stack.call("POST /v1/tasks", request)).status).toBe(201);
    expect((await stack.client.list(trainTasks)).items).toHaveLength(1);
  });
});
