import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../kube/objects.ts";
import { aServer, lines, send, widgetResource } from "../fixture.ts";
import { serviceAccounts } from "../../../test/builders/kinds.ts";
import type { ApiServer } from "../server.ts";

const path = "/apis/contract.traintask.dev/v1/widgets";
const make = (server: ApiServer, name: string): KubeObject =>
  server.registry.create<KubeObject & { spec: object }>(widgetResource, {
    metadata: { name, namespace: "default" },
    spec: { size: 2 },
  });
const touch = (server: ApiServer, times: number): void => {
  for (let n = 0; n < times; n++) {
    const object = server.registry.get(serviceAccounts, { namespace: "default", name: "default" });
    server.registry.update(serviceAccounts, { ...object, metadata: { ...object?.metadata, labels: { n: String(n) } } });
  }
};
async function open(server: ApiServer, query: string, signal = new AbortController().signal) {
  const answer = await server.handle({ method: "GET", path: `${path}?watch=1&${query}`, signal });
  return { status: answer.status, lines: lines(answer.body) };
}
const next = async (stream: AsyncGenerator<{ type: string; object: KubeObject }>) => (await stream.next()).value;

describe("a watch", () => {
  test("from before what is remembered ends with a 410 in the stream", async () => {
    const { server } = aServer({ retention: { changes: 16, bytes: 1 << 20 } });
    make(server, "a");
    touch(server, 100);
    const watch = await open(server, "resourceVersion=1");
    expect(await next(watch.lines)).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
    expect(await next(watch.lines)).toBeUndefined();
    server.close();
  });

  test("whose reader is slow costs no memory: it is told to list again when history has moved on", async () => {
    const { server } = aServer({ retention: { changes: 16, bytes: 1 << 20 } });
    const watch = await open(server, `resourceVersion=0`);
    const first = next(watch.lines);
    make(server, "a");
    expect(await first).toMatchObject({ type: "ADDED" });
    make(server, "b");
    touch(server, 100);
    expect(await next(watch.lines)).toMatchObject({ type: "ERROR", object: { code: 410 } });
    server.close();
  });

  test("of a quiet kind is not told to list again, however much else is written", async () => {
    const { server, clock } = aServer({ retention: { changes: 16, bytes: 1 << 20 } });
    make(server, "a");
    const watch = await open(server, "resourceVersion=0");
    expect(await next(watch.lines)).toMatchObject({ type: "ADDED" });
    const pending = next(watch.lines);
    await clock.settle();
    touch(server, 100);
    await clock.settle();
    make(server, "b");
    expect(await pending).toMatchObject({ type: "ADDED", object: { metadata: { name: "b" } } });
    server.close();
  });

  test("gets a bookmark each minute, with the version of now, if it asked for them", async () => {
    const { server, clock } = aServer();
    const asked = await open(server, "resourceVersion=0&allowWatchBookmarks=true");
    const other = await open(server, "resourceVersion=0&timeoutSeconds=90");
    const [bookmark, nothing] = [next(asked.lines), next(other.lines)];
    await clock.settle();
    touch(server, 3);
    const latest = server.registry.get(serviceAccounts, { namespace: "default", name: "default" })?.metadata;
    await clock.advance(61_000);
    expect(await bookmark).toMatchObject({
      type: "BOOKMARK",
      object: { kind: "Widget", metadata: { resourceVersion: latest?.resourceVersion } },
    });
    await clock.advance(60_000);
    expect(await nothing).toBeUndefined();
    server.close();
  });

  test("ends at once when its request is aborted", async () => {
    const { server, clock } = aServer();
    const controller = new AbortController();
    const watch = await open(server, "resourceVersion=0", controller.signal);
    const end = next(watch.lines);
    await clock.settle();
    controller.abort();
    expect(await end).toBeUndefined();
    server.close();
  });

  test("that ends leaves nothing behind", async () => {
    const { server, clock } = aServer();
    const before = clock.pending;
    const controller = new AbortController();
    const watch = await open(server, "resourceVersion=0&timeoutSeconds=60", controller.signal);
    const end = next(watch.lines);
    await clock.settle();
    controller.abort();
    await end;
    expect(clock.pending).toBe(before);
    server.close();
  });

  test("with sendInitialEvents is refused, so that clients list first", async () => {
    const { server } = aServer();
    const reply = await send(server, {
      path: `${path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
    });
    expect(reply.status).toBe(422);
    server.close();
  });

  test("from a version that is still to come is a timeout, not a wait", async () => {
    const { server } = aServer();
    const reply = await send(server, { path: `${path}?watch=1&resourceVersion=99999` });
    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.text)).toMatchObject({ reason: "Timeout", details: { retryAfterSeconds: 1 } });
    server.close();
  });
});

test("a list whose instant has been forgotten is a 410", async () => {
  const { server } = aServer({ retention: { changes: 16, bytes: 1 << 20 } });
  for (const name of ["a", "b", "c"]) make(server, name);
  const first = JSON.parse((await send(server, { path: `${path}?limit=1` })).text) as {
    metadata: { continue: string };
  };
  touch(server, 100);
  const second = await send(server, { path: `${path}?limit=1&continue=${first.metadata.continue}` });
  expect(second.status).toBe(410);
  expect(JSON.parse(second.text)).toMatchObject({ reason: "Expired" });
  server.close();
});
