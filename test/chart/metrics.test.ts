/** What the chart opens for probes and for Prometheus, and the board that it brings for Grafana. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsFrom } from "../../operator/settings.ts";
import { servedMetrics } from "../metrics/served.ts";
import type { Rendered } from "./helm.ts";
import { chart, containerOf, helmIsThere, renderWith, the, unlessThere } from "./helm.ts";

const metrics = { enabled: true, serviceMonitor: true, grafanaDashboard: true };
const components = ["tt-api", "tt-operator"];

interface Board {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}
const boardText = readFileSync(join(chart, "dashboards", "traintask.json"), "utf8");
const expressions = (JSON.parse(boardText) as Board).panels.flatMap(({ targets = [] }) =>
  targets.map(({ expr }) => expr),
);

describe.skipIf(!helmIsThere)(`the chart${unlessThere}`, () => {
  it("probes the operator on the port that it is told to open, whether or not metrics are wanted", () => {
    const container = containerOf(the(renderWith(), "Deployment", "tt-operator"));
    const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? "training"]));
    const { status } = settingsFrom(env, { identity: "x", readFile: () => "" });
    expect(container.ports).toEqual([{ name: "status", containerPort: status?.port }]);
    expect(status?.host).toBe("0.0.0.0");
    expect(container.readinessProbe?.httpGet).toMatchObject({ path: "/readyz", port: "status" });
    expect(container.livenessProbe?.httpGet).toMatchObject({ path: "/healthz", port: "status" });
  });

  it("shows Prometheus both programs: a Service with the port, and a ServiceMonitor that finds it by its labels", () => {
    const objects = renderWith({ metrics });
    for (const name of components) {
      const { metadata, spec } = the(objects, "Service", name);
      expect(spec?.["ports"]).toContainEqual(expect.objectContaining({ name: "metrics" }));
      const monitor = the(objects, "ServiceMonitor", name).spec as { selector: { matchLabels: object } };
      expect(metadata.labels).toMatchObject(monitor.selector.matchLabels);
      expect(monitor).toMatchObject({ endpoints: [{ port: "metrics", path: "/metrics" }] });
    }
  });

  it("lets those who may read metrics connect to the ports of both, and to no other port of the operator", () => {
    const from = [{ podSelector: { matchLabels: { app: "prometheus" } } }];
    const objects = renderWith({ metrics, networkPolicies: { metricsFrom: from } });
    const allowed = { from, ports: [{ protocol: "TCP", port: 9464 }] };
    expect(the(objects, "NetworkPolicy", "tt-api").spec?.["ingress"]).toContainEqual(allowed);
    expect(the(objects, "NetworkPolicy", "tt-operator").spec?.["ingress"]).toEqual([allowed]);
    expect(the(renderWith({ metrics }), "NetworkPolicy", "tt-operator").spec?.["ingress"]).toBeUndefined();
  });

  it("brings the board as it stands in its file, labelled for Grafana, and only when it is asked for", () => {
    const board = the(renderWith({ metrics }), "ConfigMap", "tt-dashboard") as Rendered & { data: object };
    expect(board.metadata.labels).toMatchObject({ grafana_dashboard: "1" });
    expect(JSON.parse((board.data as { "traintask.json": string })["traintask.json"])).toEqual(JSON.parse(boardText));
    expect(renderWith().some(({ metadata }) => metadata.name === "tt-dashboard")).toBe(false);
  });
});

describe("the board for Grafana", () => {
  it("asks for nothing that is not served", async () => {
    const served = [...(await servedMetrics("API")), ...(await servedMetrics("operator"))];
    const names = served.flatMap(([name, type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    const asked = expressions.flatMap((text) => text.match(/\b(?:traintask|process|nodejs)_[a-z0-9_]+/g) ?? []);
    expect(new Set(asked).size).toBeGreaterThan(10);
    expect([...new Set(asked)].filter((name) => !names.includes(name))).toEqual([]);
  });

  it("asks in every expression for one of our metrics, of the jobs that were chosen", () => {
    const strange = expressions.filter((text) => !/\b(traintask|process|nodejs)_\w+\{job=~"\$job"\}/.test(text));
    expect(strange).toEqual([]);
  });
});
