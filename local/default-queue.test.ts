import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../kube/clock.ts";
import { silentLog } from "../kube/log.ts";
import { trainQueues } from "../traintask/names.ts";
import { type ApiServer, createApiServer } from "./apiserver/server.ts";
import { defaultQueue } from "./default-queue.ts";

const crd = readFileSync(path.join(import.meta.dirname, "../deploy/helm/traintask/crds/trainqueues.yaml"), "utf8");
let server: ApiServer;
beforeEach(() => {
  server = createApiServer({ databasePath: ":memory:", clock: systemClock, log: silentLog, crds: [crd] });
});
afterEach(() => server.close());

const asked = (maxRunning?: number): number => defaultQueue({ registry: server.registry, maxRunning, cores: 2 });
const stored = (): unknown => server.registry.get(trainQueues, { name: "default" });

describe("the default queue", () => {
  it("is made with as many places as there are cores", () => {
    expect(asked()).toBe(2);
    expect(stored()).toMatchObject({ spec: { maxRunning: 2, controllerName: "traintask.dev/operator" } });
  });

  it("keeps what it says when nothing is asked for", () => {
    asked(5);
    expect(asked()).toBe(5);
  });

  it("is changed by what is asked for, also to none", () => {
    asked();
    expect(asked(0)).toBe(0);
    expect(stored()).toMatchObject({ spec: { maxRunning: 0 } });
  });
});
