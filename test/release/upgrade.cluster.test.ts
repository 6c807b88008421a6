/** Another version of the release and back, while a task trains: operator and API are replaced, the task's pod is not. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Pod, pods } from "../../kube/objects.ts";
import { chart } from "../chart/helm.ts";
import { downloaded } from "./answers.ts";
import { applyDefinitions, name, namespace, ownNamespace } from "./installation.ts";
import { joinRelease, type Release } from "./release.ts";
import { cannotInstall, helm, imageValues, isDisposable, kubectl, unlessDisposable } from "./administrator.ts";

/** Nine seconds of a processor, of which it gets a quarter: on a quick machine, too, it outlasts what is done meanwhile. */
const longTask = {
  apiVersion: "traintask.dev/v1alpha1",
  kind: "TrainTask",
  metadata: { name: "long" },
  spec: {
    trainer: { randomForest: { nEstimators: 1500, minSamplesLeaf: 10 } },
    dataset: { synthetic: { kind: "friedman1", rows: 4000, columns: 10, noise: "1" } },
    resources: { limits: { cpu: "250m" } },
  },
};

/** This chart as version 0.0.9, with another default for what both programs are told when they start. */
async function olderChart(folder: string): Promise<string> {
  const copy = join(folder, "traintask");
  cpSync(chart, copy, { recursive: true });
  const values = readFileSync(join(copy, "values.yaml"), "utf8");
  writeFileSync(join(copy, "values.yaml"), values.replace(/^maxModelBytes: .*$/m, "maxModelBytes: 2000000000"));
  await helm(["package", copy, "--version", "0.0.9", "--destination", folder]);
  return join(folder, "traintask-0.0.9.tgz");
}

describe.skipIf(cannotInstall || !isDisposable)(`a release of an older chart${unlessDisposable}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "upgrade-"));
  let release: Release;
  let own: string;

  const rollOut = ["--namespace", namespace, "--wait", "--timeout", "2m"];
  /** What each of both programs is told, and the pod that was told so. */
  async function programs(): Promise<{ told: (string | undefined)[]; uids: (string | undefined)[] }> {
    const both = await Promise.all((["operator", "api"] as const).map((component) => release.pod(component)));
    return {
      told: both.map(
        (pod) => pod.spec?.containers[0]?.env?.find(({ name: is }) => is === "TRAINTASK_MAX_MODEL_BYTES")?.value,
      ),
      uids: both.map((pod) => pod.metadata?.uid),
    };
  }
  const podsOfTask = async (): Promise<Pod[]> => (await release.client.list<Pod>(pods, { namespace: own })).items;
  const state = (): string => kubectl("get", "tt", "long", "--namespace", own, "-o", "jsonpath={.status.state}");

  beforeAll(async () => {
    await ownNamespace();
    await helm(["uninstall", name, "--namespace", namespace, "--wait", "--ignore-not-found"]);
    await helm(["install", name, await olderChart(folder), ...rollOut, "--values", "-"], imageValues());
    release = await joinRelease();
    own = await release.aNamespace("upgrade");
  }, 240_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await release.leave();
  });

  it(
    "is upgraded to this one, and rolled back, while a task trains in one pod to its end",
    { timeout: 300_000 },
    async () => {
      await release.apply({ ...longTask, metadata: { ...longTask.metadata, namespace: own } });
      await release.untilState(own, "long", "Running");
      const [pod] = await podsOfTask();
      const old = await programs();
      expect(old.told).toEqual(["2000000000", "2000000000"]);

      await applyDefinitions();
      await helm(["upgrade", name, chart, ...rollOut, "--reset-then-reuse-values"]);
      const upgraded = await programs();
      expect(upgraded.told).toEqual(["1073741824", "1073741824"]);
      expect(state()).toBe("Running");

      await helm(["rollback", name, "1", ...rollOut]);
      const rolledBack = await programs();
      expect(rolledBack.told).toEqual(old.told);
      expect(new Set([old, upgraded, rolledBack].flatMap(({ uids }) => uids)).size).toBe(6);
      expect(state()).toBe("Running");

      const task = await release.untilState(own, "long", "Succeeded");
      expect(task.status).toMatchObject({ attempt: 1, failed: 0 });
      const after = await podsOfTask();
      expect(after.map(({ metadata }) => metadata?.uid)).toEqual([pod?.metadata?.uid]);
      expect(after[0]?.status?.containerStatuses?.[0]?.restartCount).toBe(0);
      await downloaded(release, { namespace: own, name: "long", token: release.scientist(own) });
    },
  );
});
