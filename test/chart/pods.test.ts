/** What the chart makes of its values, apart from permissions: pods, their settings, and values that it refuses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsFrom } from "../../operator/settings.ts";
import { labels } from "../../traintask/names.ts";
import type { Rendered } from "./helm.ts";
import { chart, containerOf, helmIsThere, HelmError, lint, render, renderWith, the, unlessThere } from "./helm.ts";
import { laxities, violations } from "./restricted.ts";

const root = join(chart, "..", "..", "..");
const kindsOf = (objects: readonly Rendered[]): string[] => objects.map(({ kind }) => kind);

const everything = {
  persistence: { accessMode: "ReadWriteMany" },
  operator: { replicas: 2 },
  api: { replicas: 2, addTask: { spec: { trainer: { randomForest: {} } } } },
  networkPolicies: {
    trainerNamespaces: ["team-a"],
    metricsFrom: [{ podSelector: {} }],
    trainerEgress: [{ cidr: "0.0.0.0/0", ports: [443] }],
  },
  ingress: { enabled: true, host: "train.example" },
  metrics: { enabled: true, serviceMonitor: true },
};

describe.skipIf(!helmIsThere)(`the chart${unlessThere}`, () => {
  it("passes Helm's own check", () => {
    expect(lint()).toContain("0 chart(s) failed");
  });

  it("makes pods that pass the restricted Pod Security Standard", () => {
    const pods = renderWith(everything).flatMap(({ spec }) => spec?.template?.spec ?? []);
    expect(pods).toHaveLength(2);
    expect(pods.flatMap((pod) => [...violations(pod), ...laxities(pod)])).toEqual([]);
  });

  it("gives the operator an environment that it takes", () => {
    const { env = [] } = containerOf(the(renderWith(), "Deployment", "tt-operator"));
    const environment = Object.fromEntries(env.map(({ name, value }) => [name, value ?? "training"]));
    const settings = settingsFrom(environment, { identity: "x", readFile: (path) => `what is in ${path}` });
    expect(settings).toMatchObject({
      apiUrl: "https://tt-api.training.svc:443",
      ca: "what is in /etc/traintask/tls/ca.crt",
      namespace: "training",
      trainerImage: "traintask-trainer:0.1.0",
    });
  });

  it("sets no variable that the API does not read", () => {
    const read = readFileSync(join(root, "api", "main.ts"), "utf8");
    const { env = [] } = containerOf(the(renderWith(everything), "Deployment", "tt-api"));
    expect(env.length).toBeGreaterThan(5);
    expect(env.map(({ name }) => name).filter((name) => !read.includes(`"${name}"`))).toEqual([]);
  });

  it("gives the operator the authority's certificate and not the key", () => {
    const { volumes = [] } = the(renderWith(), "Deployment", "tt-operator").spec?.template?.spec ?? {};
    expect(volumes.flatMap(({ secret }) => secret?.items ?? [])).toEqual([{ key: "ca.crt", path: "ca.crt" }]);
  });

  it("gives the operator no certificate where everybody trusts the API's", () => {
    const operator = the(render({ tls: { existingSecret: "public", caKey: "" } }), "Deployment", "tt-operator");
    expect(operator.spec?.template?.spec.volumes).toBeUndefined();
    expect(JSON.stringify(operator)).not.toContain("TRAINTASK_CA_FILE");
  });

  it("pulls images by digest where one is given", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const objects = renderWith({
      image: { repository: "registry.example/traintask", digest },
      trainerImage: { digest },
    });
    expect(containerOf(the(objects, "Deployment", "tt-api")).image).toBe(`registry.example/traintask@${digest}`);
    const { env } = containerOf(the(objects, "Deployment", "tt-operator"));
    expect(env).toContainEqual({ name: "TRAINTASK_TRAINER_IMAGE", value: `traintask-trainer@${digest}` });
  });

  it("makes disruption budgets only for two replicas or more", () => {
    expect(kindsOf(renderWith())).not.toContain("PodDisruptionBudget");
    const budgets = renderWith(everything).filter(({ kind }) => kind === "PodDisruptionBudget");
    expect(budgets.map(({ metadata }) => metadata.name)).toEqual(["tt-api", "tt-operator"]);
  });

  it("lets training pods reach DNS, the API and what is allowed, and never the cloud's credentials", () => {
    const policy = the(renderWith(everything), "NetworkPolicy", "tt-trainer");
    expect(policy.metadata.namespace).toBe("team-a");
    expect(policy.spec).toMatchObject({
      podSelector: { matchExpressions: [{ key: labels.taskUid, operator: "Exists" }] },
      policyTypes: ["Ingress", "Egress"],
    });
    const egress = policy.spec?.["egress"] as { to: unknown[] }[];
    expect(egress).toHaveLength(3);
    expect(egress[2]?.to).toEqual([{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }]);
  });

  it("leaves out what is optional", () => {
    const optional = ["ConfigMap", "Ingress", "PodDisruptionBudget", "ServiceMonitor"];
    expect(kindsOf(renderWith()).filter((kind) => optional.includes(kind))).toEqual([]);
    expect(new Set(kindsOf(renderWith(everything)))).toEqual(new Set([...kindsOf(renderWith()), ...optional]));
  });

  it("says that without a cluster it needs a secret for the certificate", () => {
    expect(() => render()).toThrow(/tls\.existingSecret must be set/);
  });
});

const refused: Record<string, { values: object; because: RegExp }> = {
  "a value that it does not know": { values: { watchNamespace: "a" }, because: /watchNamespace/ },
  "an Ingress without a host": { values: { ingress: { enabled: true } }, because: /ingress\/host/ },
  "a digest that is none": { values: { image: { digest: "sha256:1" } }, because: /image\/digest/ },
  "an operator without workers": { values: { operator: { workers: 0 } }, because: /operator\/workers/ },
  "egress to where clouds serve credentials": {
    values: { networkPolicies: { trainerEgress: [{ cidr: "169.254.169.254/32", ports: [80] }] } },
    because: /trainerEgress/,
  },
  "egress to a block that hides such an address": {
    values: { networkPolicies: { trainerEgress: [{ cidr: "128.0.0.0/1", ports: [80] }] } },
    because: /trainerEgress/,
  },
};

describe.skipIf(!helmIsThere)(`the chart refuses${unlessThere}`, () => {
  for (const [name, { values, because }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      expect(() => renderWith(values)).toThrow(HelmError);
      expect(() => renderWith(values)).toThrow(because);
    });
  }
});
