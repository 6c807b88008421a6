import { beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "./client.ts";
import { apiError, TransportError } from "./errors.ts";
import { eventRecorder, type EventRecorder } from "./event-recorder.ts";
import type { Happening, Regarding } from "./event-series.ts";
import type { Event } from "./objects.ts";
import { restClient } from "./rest-client.ts";
import { silentLog } from "./log.ts";
import type { TransportRequest } from "./transport.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

const task: Regarding = { apiVersion: "example.dev/v1", kind: "Task", namespace: "shop", name: "iris", uid: "u1" };
const aHappening = (overrides: Partial<Happening> = {}): Happening => ({
  regarding: task,
  type: "Warning",
  reason: "Retrying",
  message: "exit code 75",
  ...overrides,
});

let clock: VirtualClock;
let sent: { method: string; path: string; body: Event }[];
let fail: (request: TransportRequest) => Error | undefined;
let stop: AbortController;
let recorder: EventRecorder;
beforeEach(() => {
  clock = virtualClock({ now: Date.UTC(2030, 0, 1, 12) });
  sent = [];
  fail = () => undefined;
  stop = new AbortController();
  const client: KubeClient = restClient({
    async send(request) {
      await clock.sleep(0);
      const error = fail(request);
      if (error !== undefined) throw error;
      sent.push({ method: request.method, path: request.path, body: JSON.parse(String(request.body)) as Event });
      return { status: 200, headers: {}, body: bytes() };
    },
    close: () => Promise.resolve(),
  });
  recorder = eventRecorder({
    client,
    clock,
    log: silentLog,
    component: "operator",
    instance: "pod-1",
    signal: stop.signal,
  });
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from("{}"));
}

describe("the event recorder", () => {
  it("writes what happened to which object, who says so and when", async () => {
    recorder.record(aHappening());
    await clock.advance(10);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.path).toMatch(/^\/api\/v1\/namespaces\/shop\/events\?/);
    expect(sent[0]?.body).toMatchObject({
      kind: "Event",
      metadata: { namespace: "shop", name: expect.stringMatching(/^iris\.[0-9a-f]{16}$/) as unknown },
      involvedObject: task,
      type: "Warning",
      reason: "Retrying",
      message: "exit code 75",
      count: 1,
      firstTimestamp: "2030-01-01T12:00:00Z",
      lastTimestamp: "2030-01-01T12:00:00Z",
      source: { component: "operator" },
      reportingInstance: "pod-1",
    });
  });

  it("counts what happens again instead of writing another Event", async () => {
    recorder.record(aHappening());
    await clock.advance(60_000);
    recorder.record(aHappening());
    await clock.advance(60_000);
    expect(sent.map((request) => [request.method, request.body.count])).toEqual([
      ["POST", 1],
      ["PATCH", 2],
    ]);
    expect(sent[1]?.body.lastTimestamp).toBe("2030-01-01T12:01:00Z");
  });

  it("sends one write for all that happened while it was busy", async () => {
    for (let times = 0; times < 100; times++) recorder.record(aHappening());
    await clock.advance(10);
    expect(sent.map((request) => request.body.count)).toEqual([100]);
  });

  it("keeps apart what happened to different objects, under different reasons, in different words", async () => {
    recorder.record(aHappening());
    recorder.record(aHappening({ regarding: { ...task, uid: "u2" } }));
    recorder.record(aHappening({ reason: "Failed" }));
    recorder.record(aHappening({ message: "exit code 71" }));
    await clock.advance(10);
    expect(sent.map((request) => request.method)).toEqual(["POST", "POST", "POST", "POST"]);
  });

  it("tells the first ten different messages under a reason one by one, and the rest as one", async () => {
    for (let number = 0; number < 50; number++) recorder.record(aHappening({ message: `line ${number}` }));
    await clock.advance(100);
    expect(sent).toHaveLength(11);
    expect(sent.at(-1)?.body).toMatchObject({ count: 40, message: "(combined from similar events): line 49" });
  });

  it("begins an Event anew when the server has forgotten it", async () => {
    recorder.record(aHappening());
    await clock.advance(10);
    fail = (request) => (request.method === "PATCH" ? apiError({ code: 404 }) : undefined);
    recorder.record(aHappening());
    await clock.advance(10);
    expect(sent.map((request) => [request.method, request.body.count])).toEqual([
      ["POST", 1],
      ["POST", 2],
    ]);
    expect(sent[1]?.body.metadata.name).not.toBe(sent[0]?.body.metadata.name);
  });

  const failures: Record<string, Error> = {
    "a server that says no": apiError({ code: 403 }),
    "a server that is gone": new TransportError("reset"),
    "a server that wants to be left alone": apiError({ code: 429, details: { retryAfterSeconds: 60 } }),
  };
  for (const [name, error] of Object.entries(failures)) {
    it(`is not hurt by ${name}, and goes on`, async () => {
      let calls = 0;
      fail = () => (calls++ === 0 ? error : undefined);
      recorder.record(aHappening());
      recorder.record(aHappening({ reason: "Failed" }));
      const flushed = recorder.flush();
      await clock.advance(10);
      await flushed;
      expect(sent.map((request) => request.body.reason)).toEqual(["Failed"]);
    });
  }

  it("holds no more than 200 while the server is slow, and takes new ones afterwards", async () => {
    for (let number = 0; number < 1000; number++) recorder.record(aHappening({ reason: `R${number}` }));
    await clock.advance(10);
    expect(sent.length).toBeLessThanOrEqual(201);
    recorder.record(aHappening({ reason: "Later" }));
    await clock.advance(10);
    expect(sent.at(-1)?.body.reason).toBe("Later");
  });

  it("cuts a long message, and fits the name of a long-named object", async () => {
    recorder.record(aHappening({ message: "x".repeat(5000), regarding: { ...task, name: "n".repeat(253) } }));
    await clock.advance(10);
    expect(sent[0]?.body.message).toHaveLength(1024);
    expect(sent[0]?.body.metadata.name?.length).toBeLessThanOrEqual(253);
  });

  it("puts Events about cluster-scoped objects into the namespace default", async () => {
    recorder.record(aHappening({ regarding: { apiVersion: "v1", kind: "Queue", name: "q", uid: "u" } }));
    await clock.advance(10);
    expect(sent[0]?.body.metadata.namespace).toBe("default");
  });

  it("sends nothing more once it is stopped", async () => {
    recorder.record(aHappening());
    recorder.record(aHappening({ reason: "Failed" }));
    stop.abort();
    recorder.record(aHappening({ reason: "Third" }));
    await clock.advance(10);
    await recorder.flush();
    expect(sent.length).toBeLessThanOrEqual(1);
  });
});
