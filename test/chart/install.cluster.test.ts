/**
 * The chart on a real cluster, from install to uninstall. What pods do is another test's matter: here they only have to
 * be let in, by a namespace that admits restricted pods alone.
 */
import { X509Certificate, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeClient } from "../../kube/client.ts";
import { systemClock } from "../../kube/clock.ts";
import { clusterConfig } from "../../kube/config.ts";
import { NotFoundError } from "../../kube/errors.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { namespaces, pods } from "../../kube/objects.ts";
import type { KubeObject, Resource } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport } from "../../kube/transport.ts";
import { containerOf, chart, helm, helmIsThere, HelmError, kubectlIsThere } from "./helm.ts";
import type { Rendered } from "./helm.ts";

const core = { group: "", version: "v1", namespaced: true } as const;
const secrets: Resource = { ...core, plural: "secrets", kind: "Secret" };
const claims: Resource = { ...core, plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim" };
const deployments: Resource = { ...core, group: "apps", plural: "deployments", kind: "Deployment" };

interface Secret extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

const release = `chart-${randomUUID().slice(0, 8)}`;
const namespace = release;
/** What there can be only one of in a cluster is left to the releases that people use. */
const own = { fullnameOverride: release, rbac: { userRoles: false }, defaultQueue: { create: false } };

/** As docs/install.md says to upgrade them: by Helm's name, or a later `helm install` would find a conflict. */
const applyDefinition = ["apply", "--server-side", "--field-manager=helm", "--force-conflicts", "-f"];

function changeRelease(command: string, values: object = {}): string {
  const args = [command, release, chart, "--namespace", namespace, "--values", "-"];
  return helm(args, JSON.stringify({ ...own, ...values }));
}

const toolsAreThere = helmIsThere && kubectlIsThere;
const otherwise = toolsAreThere ? "" : " (skipped: helm and kubectl are not both on the PATH)";

describe.skipIf(!toolsAreThere)(`the chart on a real cluster${otherwise}`, () => {
  let transport: Transport;
  let client: KubeClient;

  const certificate = async (): Promise<Secret["data"]> =>
    (await client.get<Secret>(secrets, { namespace, name: `${release}-api-tls` })).data;
  const maxRunning = async (): Promise<unknown> => {
    const name = `${release}-operator`;
    const deployment = await client.get<KubeObject & Rendered>(deployments, { namespace, name });
    return containerOf(deployment).env?.find((variable) => variable.name === "TRAINTASK_MAX_RUNNING")?.value;
  };

  beforeAll(async () => {
    transport = httpsTransport(await clusterConfig());
    client = restClient(transport);
    for (const file of readdirSync(join(chart, "crds"))) {
      execFileSync("kubectl", [...applyDefinition, join(chart, "crds", file)]);
    }
    await client.create(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });
  afterAll(async () => {
    try {
      helm(["uninstall", release, "--namespace", namespace, "--ignore-not-found"]);
      await client.delete(namespaces, { name: namespace });
    } finally {
      await transport.close();
    }
  });

  it("installs, and says what to do next", () => {
    const told = changeRelease("install");
    expect(told).toContain("kubectl wait --namespace default --for=condition=Complete");
    expect(told).toContain(`kubectl port-forward --namespace ${namespace} service/${release}-api 5000:443`);
    expect(told).not.toContain("WARNING");
    const manifest = /<<'END'\n(.*?)\n *END\n/s.exec(told)?.[1] ?? "";
    const create = ["create", "--dry-run=server", "--validate=strict", "--namespace", namespace, "-f", "-"];
    expect(execFileSync("kubectl", create, { input: manifest }).toString()).toContain("first-task created");
  });

  it("makes pods that a restricted namespace lets in", async () => {
    const components = new Set<string>();
    for (const until = systemClock.monotonic() + 60_000; components.size < 2 && systemClock.monotonic() < until;) {
      const { items } = await client.list(pods, { namespace });
      for (const { metadata } of items) components.add(metadata?.labels?.["app.kubernetes.io/component"] ?? "");
      await systemClock.sleep(500, new AbortController().signal);
    }
    expect([...components].toSorted()).toEqual(["api", "operator"]);
  });

  it("makes a certificate that is valid for the API's names, signed by the authority beside it", async () => {
    const { "tls.crt": server = "", "ca.crt": authority = "" } = await certificate();
    const [api, ca] = [server, authority].map((text) => new X509Certificate(Buffer.from(text, "base64")));
    for (const host of [`${release}-api.${namespace}.svc`, "localhost"]) expect(api?.checkHost(host)).toBe(host);
    expect(api?.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(ca !== undefined && api?.verify(ca.publicKey)).toBe(true);
    expect(ca?.ca).toBe(true);
  });

  it("keeps the certificate over an upgrade and a rollback, which change what they should", async () => {
    const before = await certificate();
    expect(await maxRunning()).toBe("4");
    changeRelease("upgrade", { operator: { maxRunning: 7 } });
    expect(await maxRunning()).toBe("7");
    expect(await certificate()).toEqual(before);
    helm(["rollback", release, "1", "--namespace", namespace]);
    expect(await maxRunning()).toBe("4");
    expect(await certificate()).toEqual(before);
  });

  it("warns where what was trained would be lost with the API's pod", () => {
    expect(changeRelease("upgrade", { persistence: { enabled: false }, api: { replicas: 0 } })).toContain("WARNING");
    changeRelease("upgrade");
  });

  it("is taken as a whole by the API server, with all that is optional", () => {
    const values = {
      rbac: { userRoles: true, ownerReferencesEnforced: true },
      defaultQueue: { create: true },
      ingress: { enabled: true, host: "train.example" },
      metrics: { enabled: true },
      persistence: { accessMode: "ReadWriteMany", existingClaim: "models" },
      api: { replicas: 2, addTask: { spec: { trainer: { randomForest: {} } } } },
      networkPolicies: {
        trainerNamespaces: [namespace],
        trainerEgress: [{ cidr: "0.0.0.0/0", ports: [443] }],
      },
      tls: { existingSecret: "api-certificate" },
    };
    const args = ["template", release, chart, "--namespace", namespace, "--values", "-"];
    const manifests = helm(args, JSON.stringify({ ...values, fullnameOverride: `${release}-2` }));
    const taken = execFileSync("kubectl", ["apply", "--dry-run=server", "-f", "-"], { input: manifests });
    expect(taken.toString()).toContain(`networkpolicy.networking.k8s.io/${release}-2-trainer created (server dry run)`);
  });

  it("leaves the claim, and nothing else, when it is uninstalled", async () => {
    helm(["uninstall", release, "--namespace", namespace, "--wait"]);
    await expect(certificate()).rejects.toThrow(NotFoundError);
    const left = await client.list(claims, { namespace });
    expect(left.items.map(({ metadata }) => metadata?.name)).toEqual([`${release}-api`]);
    expect(() => helm(["status", release, "--namespace", namespace])).toThrow(HelmError);
  });
});
