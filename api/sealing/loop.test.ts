import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import type { KubeClient } from "../../kube/client.ts";
import type { Log } from "../../kube/log.ts";
import { aHeader, aTree, modelText } from "../../test/builders/model.ts";
import { aTrainTask } from "../../test/builders/objects.ts";
import { artifactStore } from "../artifacts/artifact-store.ts";
import { directoryObjects } from "../artifacts/directory-objects.ts";
import type { ArtifactStore, Seal } from "../artifacts/store.ts";
import { startSealing } from "./loop.ts";

const folder = mkdtempSync(path.join(tmpdir(), "traintask-sealing-"));
const ended = new AbortController();
afterAll(() => {
  ended.abort();
  rmSync(folder, { recursive: true });
});

/** The store as two replicas have it that have both found no seal: neither seals before the other wants to. */
function meeting(store: ArtifactStore): ArtifactStore {
  let waiting = 0;
  const met = Promise.withResolvers<void>();
  const seal = async (uid: string, made: Seal): Promise<Seal> => {
    waiting += 1;
    if (waiting === 2) met.resolve();
    await met.promise;
    return store.seal(uid, made);
  };
  return new Proxy(store, {
    get: (target, name) =>
      name === "seal" ? seal : (target[name as keyof ArtifactStore] as () => unknown).bind(target),
  });
}

it("says of a model that two replicas seal at once that it is sealed once, and both tell the same digest", async () => {
  const task = aTrainTask();
  const { uid } = task.metadata;
  const store = artifactStore(await directoryObjects(folder, 0));
  const lines = modelText(aHeader(), ...[0, 1, 2, 3].map((tree) => aTree({ tree }))).map((line) => `${line}\n`);
  const text = { model: lines.join(""), report: "{}\n" };
  for (const stream of ["model", "report"] as const)
    await store.append({ task: uid, stream, name: "0" }, { offset: 0, bytes: Buffer.from(text[stream]), last: true });

  const said: object[] = [];
  const told: unknown[] = [];
  const both = Promise.withResolvers<void>();
  const log: Log = { info: (fields) => void said.push(fields), error: (fields) => both.reject(fields) };
  const client = {
    patchStatus: (...[, , { body }]: Parameters<KubeClient["patchStatus"]>) => {
      told.push((body as { status: object }).status);
      if (told.length === 2) both.resolve();
      return Promise.resolve();
    },
  } as unknown as KubeClient;
  const never = () => () => undefined;
  const cache = { taskByUid: () => task, jobOf: () => undefined, onTask: never, onJob: never };
  const artifacts = meeting(store);
  for (let replica = 0; replica < 2; replica++)
    startSealing({ client, clock: systemClock, log, signal: ended.signal, cache, artifacts }).look(uid);
  await both.promise;

  expect(said).toHaveLength(1);
  const { digest, sizeBytes } = (await store.sealOf(uid)) ?? {};
  expect(told).toEqual(Array(2).fill({ model: { digest, sizeBytes, partial: false } }));
});
