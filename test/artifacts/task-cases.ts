/** What a store of artifacts keeps of a task as a whole; store-suite.ts has its parts and runs these cases too. */
import { expect, it } from "vitest";
import { DamagedError } from "../../api/artifacts/objects.ts";
import type { Objects } from "../../api/artifacts/objects.ts";
import type { ArtifactStore, Chunk, Part, Seal } from "../../api/artifacts/store.ts";
import { bytes } from "./objects-suite.ts";

export interface At {
  readonly objects: Objects;
  /** Hands each call to the next of the stores. */
  readonly store: ArtifactStore;
  /** One for each process. */
  readonly stores: readonly ArtifactStore[];
}

export const part: Part = { task: "uid-1", stream: "model", name: "0" };
export const chunk = (offset: number, text: string, last = false): Chunk => ({ offset, bytes: bytes(text), last });

const seal: Seal = {
  digest: "sha256:1",
  sizeBytes: 1,
  partial: false,
  parts: [{ name: "0", length: 1 }],
  end: "{}\n",
};

export function keeping(at: At, tickMs: number): void {
  it("parts of a stream come oldest first", async () => {
    for (const name of ["2", "0", "1"]) {
      await at.store.append({ ...part, stream: "log", name }, chunk(0, "x"));
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
    for (const store of at.stores)
      expect((await store.parts("uid-1", "log")).map(({ name }) => name)).toEqual(["2", "0", "1"]);
  });

  it("a seal is written once; whoever comes later gets the one that stands", async () => {
    expect(await at.store.sealOf("uid-1")).toBeUndefined();
    const digests = Array.from({ length: 10 }, (_, i) => `sha256:${i}`);
    const sealed = await Promise.all(digests.map((digest) => at.store.seal("uid-1", { ...seal, digest })));
    expect(new Set(sealed.map(({ digest }) => digest)).size).toBe(1);
    expect(await at.store.sealOf("uid-1")).toEqual(sealed[0]);
    await at.objects.replace("tasks/uid-1/seal.json", "{}");
    await expect(at.store.sealOf("uid-1")).rejects.toThrow(DamagedError);
  });

  it("a task is gone with all that was kept of it, and others stay", async () => {
    await at.store.append(part, chunk(0, "one\n"));
    await at.store.append(part, chunk(4, "two\n"));
    for (const store of at.stores) expect(await store.state(part)).toEqual({ length: 8, done: false });
    await at.store.putProgress("uid-1", "{}");
    await at.store.putProgress("uid-2", "{}");
    await at.store.remove("uid-1");
    for (const store of at.stores) {
      expect(await store.tasks()).toEqual(["uid-2"]);
      expect(await store.state(part)).toEqual({ length: 0, done: false });
    }
    await at.store.remove("uid-1");
  });

  it("a task has the latest progress", async () => {
    expect(await at.store.progressOf("uid-1")).toBeUndefined();
    await at.store.putProgress("uid-1", "1");
    await at.store.putProgress("uid-1", "2");
    expect(await at.store.progressOf("uid-1")).toBe("2");
  });

  it("each shard has its own latest progress", async () => {
    await at.store.putProgress("uid-1", "a");
    await at.store.putProgress("uid-1", "b", 1);
    await at.store.putProgress("uid-1", "c", 1);
    const words = [0, 1, 2].map((shard) => at.store.progressOf("uid-1", shard));
    expect(await Promise.all(words)).toEqual(["a", "c", undefined]);
  });

  it("a task's namespace is noted once, and only where something is kept of it", async () => {
    await at.store.putNamespace("uid-1", "lab");
    expect(await at.store.tasks()).toEqual([]);
    await at.store.append(part, chunk(0, "one\n"));
    await at.store.putNamespace("uid-1", "lab");
    await at.store.putNamespace("uid-1", "other");
    expect(await at.store.namespaceOf("uid-1")).toBe("lab");
    expect(await at.store.namespaceOf("uid-2")).toBeUndefined();
  });
}
