import { PassThrough } from "node:stream";
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../kube/virtual-clock.ts";
import { readBody } from "./body.ts";

/** A request whose body the test writes; `complete` as node says it. */
function aRequest(headers: Record<string, string> = {}) {
  const body = new PassThrough();
  const request = Object.assign(body, { headers, complete: false });
  const end = (): void => {
    request.complete = true;
    body.end();
  };
  return { body, end, request: request as unknown as IncomingMessage };
}
const limits = { maxBytes: 10, idleMs: 1000, totalMs: 3000 };

describe("a body", () => {
  it("is read whole", async () => {
    const { body, end, request } = aRequest();
    body.write("one");
    body.write("two");
    end();
    expect((await readBody(request, { ...limits, clock: virtualClock() })).toString()).toBe("onetwo");
  });

  it("is refused as soon as it is larger than it may be, whatever was announced", async () => {
    const { body, request } = aRequest();
    const reading = readBody(request, { ...limits, clock: virtualClock() });
    body.write("elevenbytes");
    await expect(reading).rejects.toMatchObject({ status: 413 });
    await expect(
      readBody(aRequest({ "content-length": "11" }).request, { ...limits, clock: virtualClock() }),
    ).rejects.toMatchObject({ status: 413 });
  });

  it("is cut off when nothing comes", async () => {
    const clock = virtualClock();
    const { request } = aRequest();
    const reading = readBody(request, { ...limits, totalMs: 1e9, clock });
    const refused = expect(reading).rejects.toMatchObject({ status: 408 });
    await clock.advance(1000);
    await refused;
    expect(clock.pending).toBe(0);
  });

  it("is cut off when it comes in drops for too long", async () => {
    const clock = virtualClock();
    const { body, request } = aRequest();
    const refused = expect(readBody(request, { ...limits, clock })).rejects.toMatchObject({ status: 408 });
    for (let i = 0; i < 6; i++) {
      body.write("x");
      await clock.advance(600);
    }
    await refused;
  });

  it("that ends before it is complete is an error", async () => {
    const { body, request } = aRequest();
    body.end("half");
    await expect(readBody(request, { ...limits, clock: virtualClock() })).rejects.toMatchObject({ status: 400 });
  });
});
