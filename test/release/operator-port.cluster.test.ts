/** What operators of a release answer on their port: probes that are green, and metrics of what they did. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pods, type Pod } from "../../kube/objects.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";
import { smallForest } from "./small-forest.ts";

const labelSelector = "app.kubernetes.io/instance=traintask,app.kubernetes.io/component=operator";

describe.skipIf(cannotInstall)(`the operators of a release${unlessInstallable}`, { timeout: 240_000 }, () => {
  let release: Release;
  beforeAll(async () => {
    release = await theRelease();
  }, 240_000);
  afterAll(async () => {
    scale(1);
    await operatorsReady(1);
    await release.leave();
  });

  const scale = (replicas: number): string =>
    release.kubectl(
      "scale",
      "deployment",
      "--namespace",
      release.namespace,
      `--replicas=${replicas}`,
      "traintask-operator",
    );

  /** Names of the operators' pods, once there are so many and all are ready. */
  const operatorsReady = (count: number): Promise<string[]> =>
    eventually(`${count} operators are ready`, async () => {
      const { items } = await release.client.list<Pod>(pods, { namespace: release.namespace, labelSelector });
      const ready = items.filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
      );
      const names = ready.map(({ metadata }) => metadata?.name ?? "");
      return items.length === count && names.length === count ? names : undefined;
    });

  const ask = (pod: string, path: string): string =>
    release.kubectl("get", "--raw", `/api/v1/namespaces/${release.namespace}/pods/${pod}:9464/proxy${path}`);

  /** The value of a metric's sample, by all that stands before it; undefined where there is none. */
  const sample = (pod: string, name: string): number | undefined => {
    const line = ask(pod, "/metrics")
      .split("\n")
      .find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };

  it("tell of the task that one of them admitted", async () => {
    const [pod = ""] = await operatorsReady(1);
    await eventually("it leads", async () => (sample(pod, "traintask_operator_leading") === 1 ? true : undefined));
    const admissions = 'traintask_operator_admissions_total{queue="default"}';
    const before = sample(pod, admissions) ?? 0;
    const namespace = await release.aNamespace("counted");
    await release.apply(smallForest(namespace));
    await release.untilState(namespace, "one", "Succeeded");
    expect(sample(pod, admissions)).toBe(before + 1);
    expect(sample(pod, 'traintask_queue_slots{queue="default"}')).toBeGreaterThan(0);
    expect(sample(pod, 'traintask_kubernetes_requests_total{verb="create",code="201"}')).toBeGreaterThan(0);
    expect(sample(pod, "traintask_operator_cache_silence_seconds")).toBeLessThan(90);
  });

  it("are all ready when there are two, and one of them leads", async () => {
    scale(2);
    const both = await operatorsReady(2);
    expect(both.map((pod) => sample(pod, "traintask_operator_leading")).toSorted((a = 0, b = 0) => a - b)).toEqual([
      0, 1,
    ]);
    expect(both.map((pod) => ask(pod, "/healthz").trim())).toEqual(["ok", "ok"]);
  });
});
