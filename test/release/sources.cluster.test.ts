/**
 * Where a task's table may come from, on a real node: a ConfigMap and a volume train the model that inline rows train,
 * a container finds the same bytes in a file, and what is missing is said by name.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubeObject, type Pod, pods } from "../../kube/objects.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";

const example = parse(
  readFileSync(join(import.meta.dirname, "../../examples/01-first-task/task.yaml"), "utf8"),
) as TrainTask;
const { csv = "", ...rest } = example.spec.dataset ?? { testFraction: "0" };
const shellImage = process.env["TRAINTASK_SHELL_IMAGE"] ?? "busybox:1.37";

const headers = { "content-type": "application/json" };

/** Small: what takes time here is to start a pod. */
const forest = { trainer: { randomForest: { nEstimators: 10 } }, seed: 7 };
const inline = { csv };
const inConfigMap = { configMap: { name: "tables", key: "iris.csv" } };
const inVolume = (path: string, claimName = "tables"): object => ({ volume: { claimName, path } });

/** What the volume holds beside the table. */
const filling = [
  "mkdir -p /data/2026 && cp /rows/iris.csv /data/2026/iris.csv",
  "cp /rows/iris.csv /data/closed.csv && chmod 0 /data/closed.csv",
  "ln -sf 2026/iris.csv /data/latest.csv",
  "ln -sf /var/run/secrets/traintask.dev/token /data/token.csv",
  "mkfifo /data/pipe.csv",
];

describe.skipIf(cannotInstall)(`the sources of data of a release${unlessInstallable}`, { timeout: 240_000 }, () => {
  let release: Release;
  let namespace: string;
  let token: string;
  beforeAll(async () => {
    release = await theRelease();
    namespace = await release.aNamespace("sources");
    token = release.scientist(namespace);
    await release.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: at("tables"), data: { "iris.csv": csv } });
    await release.apply(aClaim());
    await release.apply(theFiller());
    await eventually("the volume is filled", async () => {
      const pod = await release.client.get<Pod & KubeObject>(pods, at("filler"));
      if (pod.status?.phase === "Failed") throw new Error(release.kubectl("logs", "-n", namespace, "filler"));
      return pod.status?.phase === "Succeeded" ? true : undefined;
    });
  }, 240_000);
  afterAll(() => release.leave());

  const at = (name: string) => ({ name, namespace });
  const aClaim = (): object => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: at("tables"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  });
  const theFiller = (): object => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: at("filler"),
    spec: {
      restartPolicy: "Never",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: shellImage,
          command: ["sh", "-ec", filling.join("\n")],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [
            { name: "data", mountPath: "/data" },
            { name: "rows", mountPath: "/rows" },
          ],
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "tables" } },
        { name: "rows", configMap: { name: "tables" } },
      ],
    },
  });

  const taskOf = (name: string, dataset: object, spec: object = forest) => ({
    apiVersion,
    kind: "TrainTask",
    metadata: at(name),
    spec: { ...spec, dataset: { ...rest, ...dataset } },
  });
  const submit = (...task: Parameters<typeof taskOf>) => release.apply(taskOf(...task));
  const submitOverHttp = async (...task: Parameters<typeof taskOf>): Promise<void> => {
    const request = { method: "POST", body: JSON.stringify(taskOf(...task)), headers };
    const { status } = await release.call(`/v1/tasks?namespace=${namespace}`, request, { token });
    expect(status).toBe(201);
  };

  const trained = async (name: string, dataset: object, send = submit): Promise<string | undefined> => {
    await send(name, dataset);
    return (await release.untilState(namespace, name, "Succeeded")).status?.model?.digest;
  };

  it("train the same model from inline rows, a ConfigMap, a volume, and through a link in it, by both doors", async () => {
    const digests = await Promise.all([
      trained("inline", inline),
      trained("config-map", inConfigMap),
      trained("volume", inVolume("2026/iris.csv")),
      trained("linked", inVolume("latest.csv")),
      trained("config-map-by-http", inConfigMap, submitOverHttp),
      trained("volume-by-http", inVolume("2026/iris.csv"), submitOverHttp),
    ]);
    expect(digests[0]).toMatch(/^sha256:/);
    expect(new Set(digests).size).toBe(1);
  });

  const digest = createHash("sha256").update(csv).digest("hex");
  const bytes = { inline, "from a ConfigMap": inConfigMap, "from a volume": inVolume("2026/iris.csv") };
  it.each(Object.entries(bytes))(
    "are the same bytes in a container's file, which it cannot write: %s",
    async (name, dataset) => {
      const script = [
        'sha256sum "$TRAINTASK_DATASET_FILE"',
        `sha256sum "$TRAINTASK_DATASET_FILE" | grep -q ^${digest}`,
        '! echo more >> "$TRAINTASK_DATASET_FILE"',
      ];
      const container = { image: shellImage, command: ["sh", "-ec", script.join("\n")] };
      const task = `bytes-${name.replaceAll(" ", "-").toLowerCase()}`;
      await submit(task, dataset, { trainer: { container }, backoffLimit: 0 });
      await release.untilState(namespace, task, "Succeeded");
    },
  );

  const inClaim = (file: string): string => `The file "${file}" of claim "tables"`;
  const bad: Record<string, { dataset: object; says: string }> = {
    "no-config-map": {
      dataset: { configMap: { name: "none", key: "iris.csv" } },
      says: 'There is no ConfigMap "none" with the key "iris.csv"',
    },
    "a-neighbours-config-map": {
      dataset: { configMap: { name: "neighbour", key: "iris.csv" } },
      says: 'There is no ConfigMap "neighbour" with the key "iris.csv"',
    },
    "no-key": {
      dataset: { configMap: { name: "tables", key: "none.csv" } },
      says: 'There is no ConfigMap "tables" with the key "none.csv"',
    },
    "no-file": { dataset: inVolume("2026/none.csv"), says: `${inClaim("2026/none.csv")} is not there` },
    "a-directory": { dataset: inVolume("2026"), says: `${inClaim("2026")} is a directory` },
    "a-pipe": { dataset: inVolume("pipe.csv"), says: `${inClaim("pipe.csv")} is no regular file` },
    "a-file-that-is-closed": {
      dataset: inVolume("closed.csv"),
      says: `${inClaim("closed.csv")} may not be read by user 65532`,
    },
    "a-link-to-the-pods-token": { dataset: inVolume("token.csv"), says: `${inClaim("token.csv")} leads out` },
  };
  it("end a task as BadData at its first attempt, by the name that the task gives them", async () => {
    const neighbour = await release.aNamespace("neighbour");
    const metadata = { name: "neighbour", namespace: neighbour };
    await release.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "iris.csv": csv } });
    const failures = await Promise.all(
      Object.entries(bad).map(async ([name, { dataset }]) => {
        await submit(name, dataset);
        const { status } = await release.untilState(namespace, name, "Failed");
        return { name, failure: status?.failure };
      }),
    );
    for (const { name, failure } of failures) {
      expect(failure, name).toMatchObject({ class: "BadData", exitCode: 65, attempt: 1 });
      expect(failure?.message, name).toContain(bad[name]?.says);
    }
  });

  it("say in the task's condition that a claim is not there", async () => {
    await submit("no-claim", inVolume("iris.csv", "none"));
    const message = await eventually("the condition says so", async () => {
      const { status } = await release.client.get<KubeObject & TrainTask>(trainTasks, at("no-claim"));
      const running = status?.conditions?.find(({ type }) => type === "Running");
      return running?.reason === "PodsPending" ? running.message : undefined;
    });
    expect(message).toContain('persistentvolumeclaim "none" not found');
    release.kubectl("delete", "--namespace", namespace, "tt", "no-claim");
  });
});
