import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { PodSpec } from "../../kube/objects.ts";
import { ContainerConfigError } from "./fields.ts";
import { mountsOf, renewTokens, type TokenRequest, type VolumeContext, writeVolumes } from "./volumes.ts";

const root = mkdtempSync(join(tmpdir(), "traintask-volumes-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

type Volumes = NonNullable<PodSpec["volumes"]>;

function aContext(volumes: Volumes, overrides: Partial<VolumeContext> = {}) {
  const home = join(root, `${count++}`);
  const requests: TokenRequest[] = [];
  const context: VolumeContext = {
    pod: {
      metadata: { name: "solo", namespace: "lab", uid: "u1", annotations: { note: "as it is" } },
      spec: { containers: [{ name: "main", resources: { limits: { memory: "1Mi" } } }], volumes },
    },
    machine: { cpu: 4, memory: 1000 },
    directory: (volume) => join(home, volume),
    configMap: (name) => (name === "settings" ? { a: "1", b: "2", c: Buffer.from([0xff]) } : undefined),
    mintToken(request) {
      requests.push(request);
      return `token ${requests.length}`;
    },
    ...overrides,
  };
  const file = (path: string): string => readFileSync(join(home, path), "utf8");
  return { context, requests, file, home };
}

const token = (expirationSeconds: number, path = "token") => ({
  serviceAccountToken: { audience: "somewhere", expirationSeconds, path },
});

describe("a volume", () => {
  test("of a config map has a file for each key, or for those asked for", () => {
    const { context, file, home } = aContext([
      { name: "all", configMap: { name: "settings" } },
      { name: "one", configMap: { name: "settings", items: [{ key: "b", path: "deep/b.txt" }] } },
      { name: "bytes", configMap: { name: "settings", items: [{ key: "c", path: "c" }] } },
    ]);
    writeVolumes(context);
    expect(file("all/a")).toBe("1");
    expect(file("one/deep/b.txt")).toBe("2");
    expect(readdirSync(join(home, "all"))).toEqual(["a", "b", "c"]);
    expect(readFileSync(join(home, "bytes/c"))).toEqual(Buffer.from([0xff]));
  });

  test("of the downward API tells the pod about itself and its containers", () => {
    const items = [
      { path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } },
      { path: "memory", resourceFieldRef: { containerName: "main", resource: "limits.memory" } },
    ];
    const { context, file } = aContext([{ name: "v", downwardAPI: { items } }]);
    writeVolumes(context);
    expect([file("v/note"), file("v/memory")]).toEqual(["as it is", `${2 ** 20}`]);
  });

  test("keeps its files from other users of the machine", () => {
    const { context, home } = aContext([{ name: "id", projected: { sources: [token(3600)] } }]);
    writeVolumes(context);
    expect(statSync(join(home, "id/token")).mode & 0o077).toBe(0);
  });

  const refused: Record<string, Volumes[number]> = {
    "whose config map is not there": { name: "v", configMap: { name: "none" } },
    "whose config map has no such key": {
      name: "v",
      configMap: { name: "settings", items: [{ key: "z", path: "z" }] },
    },
    "whose file would lie outside": {
      name: "v",
      configMap: { name: "settings", items: [{ key: "a", path: "../../a" }] },
    },
    "of a host path": { name: "v", hostPath: { path: "/etc" } },
    "of a secret": { name: "v", secret: { secretName: "s" } },
    "projected from a secret": { name: "v", projected: { sources: [{ secret: { name: "s" } }] } },
  };
  test.each(Object.entries(refused))("%s is refused", (_, volume) => {
    expect(() => writeVolumes(aContext([volume]).context)).toThrow(ContainerConfigError);
  });

  test("of an optional config map has what is there, and may be empty", () => {
    const items = ["a", "z", "toString"].map((key) => ({ key, path: key }));
    const { context, home } = aContext([
      { name: "none", configMap: { name: "none", optional: true } },
      { name: "some", configMap: { name: "settings", items, optional: true } },
    ]);
    writeVolumes(context);
    expect(readdirSync(join(home, "some"))).toEqual(["a"]);
  });
});

describe("a token", () => {
  test("is asked for the pod, its account and its audience", () => {
    const { context, requests, file } = aContext([{ name: "id", projected: { sources: [token(1200)] } }]);
    writeVolumes(context);
    expect(file("id/token")).toBe("token 1");
    expect(requests).toEqual([
      {
        namespace: "lab",
        serviceAccountName: "default",
        audiences: ["somewhere"],
        expirationSeconds: 1200,
        pod: { name: "solo", uid: "u1" },
      },
    ]);
  });

  test("is due again after 80% of the shortest life", () => {
    const { context, file } = aContext([{ name: "id", projected: { sources: [token(3600, "a"), token(600, "b")] } }]);
    expect(writeVolumes(context)).toBe(480_000);
    expect(renewTokens(context)).toBe(480_000);
    expect(file("id/b")).toBe("token 4");
  });

  test("is never due where there is none", () => {
    expect(writeVolumes(aContext([{ name: "v", emptyDir: {} }]).context)).toBeUndefined();
  });

  test("that cannot be had is told, with its cause", () => {
    const { context } = aContext([{ name: "id", projected: { sources: [token(600)] } }], {
      mintToken: () => {
        throw new Error("no such account");
      },
    });
    expect(() => writeVolumes(context)).toThrow(ContainerConfigError);
  });
});

describe("a mount", () => {
  const directory = (volume: string): string => `/host/${volume}`;

  test("leads to its volume, or to a path in it", () => {
    const volumeMounts = [
      { name: "v", mountPath: "/data" },
      { name: "v", mountPath: "/part", subPath: "a/b" },
    ];
    expect(mountsOf({ name: "main", volumeMounts }, directory)).toEqual([
      { mountPath: "/data", hostPath: "/host/v" },
      { mountPath: "/part", hostPath: "/host/v/a/b" },
    ]);
  });

  test("never leads out of its volume", () => {
    const volumeMounts = [{ name: "v", mountPath: "/data", subPath: "a/../../x" }];
    expect(() => mountsOf({ name: "main", volumeMounts }, directory)).toThrow(ContainerConfigError);
  });
});
