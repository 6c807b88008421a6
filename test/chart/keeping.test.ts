/** Where the chart keeps models: in a claim, in a bucket or nowhere, and what follows for the API's pods. */
import { describe, expect, it } from "vitest";
import { containerOf, helmIsThere, type Rendered, renderWith, the, unlessThere } from "./helm.ts";

const api = (values: object): Rendered => the(renderWith(values), "Deployment", "tt-api");
const kindsOf = (objects: readonly Rendered[]): string[] => objects.map(({ kind }) => kind);
const environment = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    (containerOf(api(values)).env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );
const inBucket = (s3: object = {}): object => ({ persistence: { s3: { bucket: "models", ...s3 } } });

describe.skipIf(!helmIsThere)(`the chart${unlessThere}`, () => {
  it("stops the one API before its successor starts, unless several may write at once", () => {
    const strategy = (values: object): unknown => api(values).spec?.strategy?.type;
    expect(strategy({})).toBe("Recreate");
    expect(strategy({ persistence: { enabled: false, accessMode: "ReadWriteMany" } })).toBe("Recreate");
    expect(strategy({ persistence: { accessMode: "ReadWriteMany" } })).toBe("RollingUpdate");
    expect(strategy(inBucket())).toBe("RollingUpdate");
    expect(strategy({ persistence: { enabled: false, s3: { bucket: "models" } } })).toBe("RollingUpdate");
  });

  it("lets an API that has a successor serve on for longer than connections stay idle, and both fit into its last seconds", () => {
    const { TRAINTASK_DRAIN_SECONDS: drain, TRAINTASK_FAREWELL_SECONDS: farewell } = environment(inBucket());
    expect(Number(drain)).toBeGreaterThan(5);
    const { terminationGracePeriodSeconds } = api(inBucket()).spec?.template?.spec ?? {};
    expect(Number(drain) + Number(farewell)).toBeLessThan(terminationGracePeriodSeconds ?? 0);
    expect(environment({})).not.toHaveProperty("TRAINTASK_DRAIN_SECONDS");
  });

  it("keeps the claim when it is uninstalled, unless told otherwise", () => {
    const annotations = (values: object): unknown =>
      the(renderWith(values), "PersistentVolumeClaim", "tt-api").metadata.annotations;
    expect(annotations({})).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(annotations({ persistence: { keep: false } })).toBeUndefined();
  });

  it("makes no claim where one exists, none is wanted, or a bucket takes its place", () => {
    for (const persistence of [{ existingClaim: "models" }, { enabled: false }, { s3: { bucket: "models" } }]) {
      expect(kindsOf(renderWith({ persistence }))).not.toContain("PersistentVolumeClaim");
    }
  });

  it("hands the API the bucket, and nothing of a directory", () => {
    const s3 = { prefix: "lab", endpoint: "https://s3.example", region: "eu-1", forcePathStyle: true };
    const env = environment(inBucket(s3));
    expect(env).toMatchObject({
      TRAINTASK_S3_BUCKET: "models",
      TRAINTASK_S3_PREFIX: "lab",
      TRAINTASK_S3_ENDPOINT: "https://s3.example",
      TRAINTASK_S3_REGION: "eu-1",
      TRAINTASK_S3_FORCE_PATH_STYLE: "true",
    });
    expect(env).not.toHaveProperty("TRAINTASK_DATA_DIR");
    const { volumes } = api(inBucket()).spec?.template?.spec ?? {};
    expect(volumes?.map(({ name }) => name)).toEqual(["tls"]);
    expect(environment({})).toMatchObject({ TRAINTASK_DATA_DIR: "/data" });
    expect(Object.keys(environment({})).filter((name) => name.includes("S3"))).toEqual([]);
  });

  it("names the secret with the bucket's keys, and puts no key into the pod itself", () => {
    const env = environment(inBucket({ existingSecret: "keys" }));
    for (const [key, optional] of [
      ["AWS_ACCESS_KEY_ID", false],
      ["AWS_SECRET_ACCESS_KEY", false],
      ["AWS_SESSION_TOKEN", true],
    ] as const)
      expect(env[key]).toEqual({ secretKeyRef: { name: "keys", key, optional } });
    expect(Object.keys(environment(inBucket())).filter((name) => name.startsWith("AWS"))).toEqual([]);
  });

  it("gives the API's account the annotations by which clouds know it", () => {
    const serviceAccountAnnotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/traintask" };
    const objects = renderWith({ ...inBucket(), api: { serviceAccountAnnotations } });
    expect(the(objects, "ServiceAccount", "tt-api").metadata.annotations).toEqual(serviceAccountAnnotations);
  });
});

const refused: Record<string, { values: object; because: RegExp }> = {
  "several API pods on a volume with one writer": {
    values: { api: { replicas: 2 } },
    because: /s3.bucket, or .*ReadWriteMany/,
  },
  "several API pods without a volume": {
    values: { api: { replicas: 2 }, persistence: { enabled: false, accessMode: "ReadWriteMany" } },
    because: /ReadWriteMany/,
  },
  "a bucket and a claim": {
    values: { persistence: { existingClaim: "models", s3: { bucket: "models" } } },
    because: /not both/,
  },
  "a bucket's name that is none": { values: inBucket({ bucket: "s3://models" }), because: /s3\/bucket/ },
  "an endpoint without a protocol": { values: inBucket({ endpoint: "s3.example" }), because: /s3\/endpoint/ },
};

describe.skipIf(!helmIsThere)(`the chart refuses${unlessThere}`, () => {
  it.each(Object.entries(refused))("%s", (_, { values, because }) => {
    expect(() => renderWith(values)).toThrow(because);
  });
});
