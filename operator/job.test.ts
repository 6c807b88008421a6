import { expect, test } from "vitest";
import { aTrainTask, taskUid } from "../test/builders/objects.ts";
import type { Overrides } from "../test/builders/objects.ts";
import { env, paths, routes } from "../traintask/contract.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { podConfigDigest } from "../traintask/pod-config-digest.ts";
import { annotations, labels } from "../traintask/names.ts";
import type { TrainTask } from "../traintask/task.ts";
import { buildJob } from "./job.ts";
import type { PodSettings } from "./pod-template.ts";
import { projectJob, projectTask } from "./project.ts";

const settings = {
  apiUrl: "http://127.0.0.1:5000",
  ca: "",
  trainerImage: "traintask-trainer",
  maxModelBytes: 1000,
};
const container = { trainer: { container: { image: "mine:1" }, randomForest: undefined }, dataset: undefined };

function jobOf(overrides: Overrides<TrainTask> = {}, told: Partial<PodSettings> = {}) {
  const job = buildJob(projectTask(aTrainTask(overrides)), 2, { ...settings, ...told });
  const pod = job.spec?.template.spec;
  const main = pod?.containers[0];
  const environment = Object.fromEntries((main?.env ?? []).map(({ name, value }) => [name, value]));
  return { job, spec: job.spec, template: job.spec?.template, pod, main, environment };
}

test("a Job bears the name of its task and attempt, and is owned by the task", () => {
  const { metadata } = jobOf().job;
  expect(metadata).toMatchObject({
    name: "iris-0a1b2c3d-2",
    namespace: "default",
    labels: { [labels.task]: "iris", [labels.taskUid]: taskUid, [labels.attempt]: "2", [labels.queue]: "default" },
    ownerReferences: [{ kind: "TrainTask", name: "iris", uid: taskUid, controller: true }],
  });
});

test("what the operator builds, it can read back", () => {
  const stored = { uid: "u", resourceVersion: "5", creationTimestamp: "2030-01-01T00:00:00Z" };
  const { job } = jobOf();
  expect(projectJob({ ...job, metadata: { ...job.metadata, ...stored } })).toMatchObject({
    taskUid,
    taskName: "iris",
    attempt: 2,
    queue: "default",
    memoryLimit: "1Gi",
  });
});

test("a built-in trainer's exit codes decide in this order: lost pods, bad input, memory, the rest", () => {
  const inCodes = (values: number[]) => ({
    action: "FailJob",
    onExitCodes: { containerName: "trainer", operator: "In", values },
  });
  expect(jobOf().spec?.podFailurePolicy?.rules).toEqual([
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    inCodes([64, 65]),
    inCodes([71, 134, 137, 139]),
  ]);
});

test("of a container's exit codes only 137 has a meaning", () => {
  const rules = jobOf({ spec: container }).spec?.podFailurePolicy?.rules;
  expect(rules?.map(({ onExitCodes }) => onExitCodes?.values)).toEqual([undefined, [137]]);
});

test("retries that earlier attempts used up are not given again", () => {
  expect(jobOf({ spec: { backoffLimit: 3 }, status: { retries: 2 } }).spec?.backoffLimit).toBe(1);
  expect(jobOf({ spec: { backoffLimit: 3 }, status: { retries: 9 } }).spec?.backoffLimit).toBe(0);
});

test("a failed pod is replaced only once it is over, and neither deadline nor time to live is the Job's", () => {
  const { spec, pod } = jobOf({ spec: { activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 60 } });
  expect(spec?.podReplacementPolicy).toBe("Failed");
  expect(spec).not.toHaveProperty("activeDeadlineSeconds");
  expect(spec).not.toHaveProperty("ttlSecondsAfterFinished");
  expect(pod).not.toHaveProperty("activeDeadlineSeconds");
});

for (const [name, overrides] of Object.entries({ "a built-in trainer": {}, "a container": { spec: container } })) {
  test(`the pod of ${name} passes the restricted Pod Security Standard`, () => {
    const { pod, main } = jobOf(overrides);
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(main?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod?.volumes?.every(({ emptyDir, projected }) => emptyDir !== undefined || projected !== undefined)).toBe(
      true,
    );
    expect(main?.volumeMounts?.map(({ mountPath }) => mountPath)).toContain("/tmp");
    expect(pod?.containers).toHaveLength(1);
  });
}

test("the pod is told by the names of the contract who it is and where the API is", () => {
  expect(jobOf().environment).toEqual({
    HOME: "/home/trainer",
    [env.apiUrl]: settings.apiUrl,
    [env.namespace]: "default",
    [env.name]: "iris",
    [env.attempt]: "2",
    [env.shard]: "0",
    [env.shards]: "1",
    [env.config]: paths.config,
    [env.memory]: String(2 ** 30),
    [env.token]: paths.token,
    [env.terminationLog]: paths.terminationLog,
    [env.kubeflowUrl]: settings.apiUrl + routes.progress({ namespace: "default", name: "iris" }),
    [env.kubeflowToken]: paths.token,
  });
});

test("a certificate authority is handed on as an annotation that becomes a file, for Kubeflow's clients as well", () => {
  const { template, environment } = jobOf({}, { ca: "-----BEGIN" });
  expect(template?.metadata?.annotations?.[annotations.ca]).toBe("-----BEGIN");
  expect(environment).toMatchObject({ [env.ca]: paths.ca, [env.kubeflowCa]: paths.ca });
  const sources = template?.spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []);
  expect(sources?.flatMap(({ downwardAPI }) => downwardAPI?.items?.map(({ path }) => path) ?? [])).toEqual([
    "config.json",
    "ca.crt",
  ]);
});

test("the token names its task, so that one task's token opens nothing of another", () => {
  const sources = jobOf().pod?.volumes?.flatMap(({ projected }) => projected?.sources ?? []);
  expect(sources?.[0]?.serviceAccountToken).toEqual({
    audience: "traintask.dev/namespaces/default/traintasks/iris",
    expirationSeconds: 3600,
    path: "token",
  });
});

test("addresses that are not public are for tasks of an installation that lets them", () => {
  const told = (own: Partial<PodSettings>): unknown => {
    const { template } = jobOf({}, own);
    return podConfigSchema.parse(JSON.parse(template?.metadata?.annotations?.[annotations.config] ?? ""));
  };
  expect(told({})).toMatchObject({ allowPrivateAddresses: false });
  expect(told({ allowPrivateAddresses: true })).toMatchObject({ allowPrivateAddresses: true });
});

test("the configuration is what the contract's schema reads, with the table inside", () => {
  const csv = "a,b\n1,2\n";
  const { template } = jobOf({ spec: { dataset: { synthetic: undefined, csv, target: "b" }, seed: 7 } });
  const written: unknown = JSON.parse(template?.metadata?.annotations?.[annotations.config] ?? "");
  // The trainer does not check it again: nothing may be left to do.
  expect(podConfigSchema.parse(written)).toEqual(written);
  expect(written).toMatchObject({
    checkedBy: podConfigDigest,
    trainer: { randomForest: { nEstimators: 10 } },
    dataset: { csv, target: "b" },
    seed: 7,
    maxModelBytes: 1000,
  });
});

test("a container gets what its task says, no configuration, and cannot replace our variables", () => {
  const given = [
    { name: "MODE", value: "fast" },
    { name: env.attempt, value: "99" },
  ];
  const mine = { image: "mine:1", command: ["run"], args: ["-v"], workingDir: "/work", env: given };
  const { main, template, environment } = jobOf({
    spec: { ...container, trainer: { container: mine, randomForest: undefined } },
  });
  expect(main).toMatchObject({ image: "mine:1", command: ["run"], args: ["-v"], workingDir: "/work" });
  expect(environment).toMatchObject({ MODE: "fast", [env.attempt]: "2" });
  expect(main?.env?.filter(({ name }) => name === env.attempt)).toHaveLength(1);
  expect(template?.metadata).not.toHaveProperty("annotations");
  expect(environment).not.toHaveProperty(env.config);
});

function containerPod(part: object) {
  const trainer = { container: { image: "mine:1", ...part }, randomForest: undefined };
  return jobOf({ spec: { ...container, trainer } });
}

test("a container's secrets are named in its environment, and their values stand nowhere", () => {
  const secretKeyRef = { name: "traintask-hub", key: "token", optional: true };
  const { main } = containerPod({ env: [{ name: "HUB", valueFrom: { secretKeyRef } }] });
  expect(main?.env).toContainEqual({ name: "HUB", valueFrom: { secretKeyRef } });
});

test("a container that asks for no device sees no GPU, whatever its image says, and one that asks is told by others", () => {
  expect(containerPod({}).environment).toMatchObject({ NVIDIA_VISIBLE_DEVICES: "void" });
  const { main, environment } = containerPod({ resources: { limits: { "nvidia.com/gpu": "1" } } });
  expect(main?.resources).toEqual({ limits: { "nvidia.com/gpu": "1" } });
  expect(environment).not.toHaveProperty("NVIDIA_VISIBLE_DEVICES");
});

test("a container's volumes are mounted beside ours, by their place in the list", () => {
  const items = [{ key: "a", path: "b/c" }];
  const { pod, main } = containerPod({
    volumes: [
      { mountPath: "/scratch", readOnly: false, emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
      { mountPath: "/settings", readOnly: true, configMap: { name: "settings", items } },
      { mountPath: "/keys", readOnly: true, secret: { secretName: "traintask-keys" } },
      { mountPath: "/data", readOnly: true, persistentVolumeClaim: { claimName: "data" } },
    ],
  });
  expect(pod?.volumes?.slice(3)).toEqual([
    { name: "volume-0", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
    { name: "volume-1", configMap: { name: "settings", items } },
    { name: "volume-2", secret: { secretName: "traintask-keys" } },
    { name: "volume-3", persistentVolumeClaim: { claimName: "data", readOnly: true } },
  ]);
  expect(main?.volumeMounts?.slice(3)).toEqual([
    { name: "volume-0", mountPath: "/scratch", readOnly: false },
    { name: "volume-1", mountPath: "/settings", readOnly: true },
    { name: "volume-2", mountPath: "/keys", readOnly: true },
    { name: "volume-3", mountPath: "/data", readOnly: true },
  ]);
  expect(main?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(
    expect.arrayContaining([paths.mount, "/tmp", "/home/trainer"]),
  );
});

test("a container's user is its group and that of its files as well, and never root", () => {
  const { pod } = containerPod({ runAsUser: 1000 });
  expect(pod?.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true });
  expect(containerPod({}).pod?.securityContext).toMatchObject({ runAsUser: 65532, fsGroup: 65532 });
});

test("a container's affinity is its pod's", () => {
  const topologyKey = "kubernetes.io/hostname";
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey }] } };
  expect(containerPod({ affinity }).pod?.affinity).toEqual(affinity);
  expect(containerPod({}).pod).not.toHaveProperty("affinity");
});

test("a container that announces a model is told where to put it, and no other one", () => {
  const { environment } = containerPod({ model: { mediaType: "application/zip" } });
  expect(environment[env.modelUrl]).toBe(`${settings.apiUrl}/v1/tasks/iris/model?namespace=default`);
  expect(containerPod({}).environment).not.toHaveProperty(env.modelUrl);
});
