import { describe, expect, test } from "vitest";
import type { Container, Pod } from "../../kube/objects.ts";
import { type EnvironmentContext, environmentOf } from "./environment.ts";
import { expand } from "./expand.ts";
import { ContainerConfigError } from "./fields.ts";

const pod: Pod = {
  metadata: { name: "solo", namespace: "lab", uid: "u1", labels: { b: "2", a: "1" }, annotations: { "x.dev/y": "z" } },
  spec: { nodeName: "local", containers: [] },
};
const context: EnvironmentContext = {
  pod,
  base: { PATH: "/bin", HOME: "/host/home" },
  mounts: [{ mountPath: "/data", hostPath: "/host/data" }],
  machine: { cpu: 4, memory: 1000 },
  configMapValue: (name, key) => (name === "settings" && key === "k" ? "v" : undefined),
};
type Variables = NonNullable<Container["env"]>;
const environment = (env: Variables, rest: Partial<Container> = {}): Record<string, string> =>
  environmentOf({ name: "main", env, ...rest }, context);
const from = (
  valueFrom: NonNullable<Variables[number]["valueFrom"]>,
  rest: Partial<Container> = {},
): string | undefined => environment([{ name: "V", valueFrom }], rest)["V"];
const field = (fieldPath: string): string | undefined => from({ fieldRef: { fieldPath } });

describe("a variable", () => {
  test("stands over the base, which stays otherwise", () => {
    expect(environment([{ name: "HOME", value: "/data/home" }])).toEqual({ PATH: "/bin", HOME: "/host/data/home" });
  });

  test("refers to earlier ones as the pod knows them, and moves to the host as a whole", () => {
    const result = environment([
      { name: "A", value: "/data" },
      { name: "B", value: "$(A)/b" },
      { name: "C", value: "file:$(A)/c" },
    ]);
    expect(result).toMatchObject({ A: "/host/data", B: "/host/data/b", C: "file:/data/c" });
  });

  test("without a value is empty", () => {
    expect(environment([{ name: "A" }])["A"]).toBe("");
  });

  const fields: Record<string, string> = {
    "metadata.name": "solo",
    "metadata.namespace": "lab",
    "metadata.uid": "u1",
    "metadata.labels['a']": "1",
    "metadata.annotations['x.dev/y']": "z",
    "metadata.annotations['none']": "",
    "metadata.labels": 'a="1"\nb="2"',
    "spec.nodeName": "local",
    "spec.serviceAccountName": "default",
    "status.podIP": "127.0.0.1",
  };
  test.each(Object.entries(fields))("may be the field %s", (path, value) => {
    expect(field(path)).toBe(value);
  });

  test("may be a limit, rounded up to whole units of the divisor, or the machine's where there is none", () => {
    const resources = { limits: { cpu: "1500m", memory: "3Mi" } };
    expect(from({ resourceFieldRef: { resource: "limits.cpu" } }, { resources })).toBe("2");
    expect(from({ resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } }, { resources })).toBe("3");
    expect(from({ resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } })).toBe("4000");
  });

  test("may come from a config map, or stay unset when that is optional", () => {
    expect(from({ configMapKeyRef: { name: "settings", key: "k" } })).toBe("v");
    expect(from({ configMapKeyRef: { name: "none", key: "k", optional: true } })).toBeUndefined();
  });

  const refused: Record<string, () => unknown> = {
    "a config map that is not there": () => from({ configMapKeyRef: { name: "none", key: "k" } }),
    "a secret": () => from({ secretKeyRef: { name: "s", key: "k" } }),
    "a field that is not served": () => field("spec.containers"),
    "a resource that is not served": () => from({ resourceFieldRef: { resource: "limits.gpu" } }),
    envFrom: () => environment([], { envFrom: [{ configMapRef: { name: "settings" } }] }),
  };
  test.each(Object.entries(refused))("is refused from %s", (_, ask) => {
    expect(ask).toThrow(ContainerConfigError);
  });
});

describe("expansion", () => {
  const cases: Record<string, [text: string, result: string]> = {
    "replaces known names": ["$(A)-$(A)", "1-1"],
    "leaves unknown names": ["$(B)", "$(B)"],
    "turns two dollar signs into one": ["$$(A) $$", "$(A) $"],
    "leaves a dollar sign of a shell": ["$A ${A}", "$A ${A}"],
    "knows no inherited names": ["$(constructor)", "$(constructor)"],
  };
  test.each(Object.entries(cases))("%s", (_, [text, result]) => {
    expect(expand(text, { A: "1" })).toBe(result);
  });
});
