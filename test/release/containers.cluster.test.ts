/**
 * Trainers of people's own in a release on a real node: what their pods get, what they report and leave behind, and what
 * their tasks say when they cannot be started. The program is Node.js out of the trainer's image, which has nothing else.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { trainTasks } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";

const { TRAINTASK_TRAINER_IMAGE: image = "" } = process.env;
/** Node.js trusts the API's authority, as any client would be told to. */
const trust = { name: "NODE_EXTRA_CA_CERTS", value: "/var/run/secrets/traintask.dev/ca.crt" };
const announced = { mediaType: "application/json" };

/** What the pod finds around it goes into its model. */
const looksAround = `
const { readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { env, getuid, getgid, getgroups } = process;
const authorization = "Bearer " + readFileSync(env.TRAINTASK_TOKEN_FILE, "utf8");
const ask = (url, options) => fetch(url, { ...options, headers: { authorization, "content-type": "application/json" } });
const can = (path) => { try { writeFileSync(path, "x"); return true; } catch (error) { return error.code; } };
const seen = {
  secret: env.KEY, file: readFileSync("/keys/token", "utf8"), settings: readFileSync("/settings/a/b", "utf8"),
  user: [getuid(), getgid(), getgroups().includes(getuid())],
  tmp: can("/tmp/x"), home: can(env.HOME + "/x"), scratch: can("/scratch/x"), memory: can("/dev/shm/x"), root: can("/x"),
  data: can("/keys/x"), mounted: readdirSync("/var/run/secrets"), gpus: env.NVIDIA_VISIBLE_DEVICES,
};
const now = new Date().toISOString();
const trainerStatus = { progressPercentage: 42, metrics: [{ name: "accuracy", value: "0.9" }], lastUpdatedTime: now };
(async () => {
  const posted = await ask(env.KUBEFLOW_TRAINER_SERVER_URL, { method: "POST", body: JSON.stringify({ trainerStatus }) });
  const put = await ask(env.TRAINTASK_MODEL_URL, { method: "PUT", body: JSON.stringify(seen) });
  console.log(posted.status, put.status, await put.text());
  process.exit(put.status === 200 ? 0 : 1);
})();`;

describe.skipIf(cannotInstall)(`a container in a release${unlessInstallable}`, { timeout: 300_000 }, () => {
  let release: Release;
  let namespace: string;
  let token: string;
  beforeAll(async () => {
    release = await theRelease();
    namespace = await release.aNamespace("containers");
    token = release.scientist(namespace);
  }, 300_000);
  afterAll(() => release.leave());

  const manifest = (name: string, container: object, spec: object = {}) => ({
    apiVersion: "traintask.dev/v1alpha1",
    kind: "TrainTask",
    metadata: { name, namespace },
    spec: { trainer: { container: { image, ...container } }, ...spec },
  });
  const running = (script: string, rest: object = {}) => ({ command: ["/usr/bin/node", "-e", script], ...rest });
  const submit = (name: string, container: object, spec: object = {}): Promise<void> =>
    release.apply(manifest(name, container, spec));
  const ask = (path: string): Promise<Response> =>
    release.call(`${path}${path.includes("?") ? "&" : "?"}namespace=${namespace}`, {}, { token });
  const taskOf = (name: string): Promise<TrainTask> =>
    release.client.get(trainTasks, { namespace, name }) as Promise<unknown> as Promise<TrainTask>;
  const secret = (name: string): Promise<void> =>
    release.apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData: { token: "s3cret" } });

  /** The condition Running, once it has this reason. */
  const runningBecause = (name: string, reason: string) =>
    eventually(`task ${name} says ${reason}`, async () => {
      const found = (await taskOf(name)).status.conditions?.find(({ type }) => type === "Running");
      return found?.reason === reason ? found : undefined;
    });

  it("has its secrets, volumes and user, room to write, and leaves its model behind", async () => {
    await secret("traintask-keys");
    const data = { b: "from a ConfigMap" };
    await release.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace }, data });
    const env = [trust, { name: "KEY", valueFrom: { secretKeyRef: { name: "traintask-keys", key: "token" } } }];
    const volumes = [
      { mountPath: "/keys", secret: { secretName: "traintask-keys" } },
      { mountPath: "/settings", configMap: { name: "settings", items: [{ key: "b", path: "a/b" }] } },
      { mountPath: "/scratch", emptyDir: { sizeLimit: "8Mi" } },
      { mountPath: "/dev/shm", emptyDir: { medium: "Memory" } },
    ];
    await submit("around", running(looksAround, { env, volumes, runAsUser: 1234, model: announced }));
    const { status } = await release.untilState(namespace, "around", "Succeeded");
    expect(status.trainerStatus).toMatchObject({
      progressPercentage: 42,
      metrics: [{ name: "accuracy", value: "0.9" }],
    });
    const model = await ask("/v1/tasks/around/model");
    expect(model.headers.get("content-type")).toBe("application/json");
    const bytes = Buffer.from(await model.arrayBuffer());
    expect(status.model?.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect(model.headers.get("etag")).toBe(`"${status.model?.digest}"`);
    expect(JSON.parse(bytes.toString())).toEqual({
      secret: "s3cret",
      file: "s3cret",
      settings: "from a ConfigMap",
      user: [1234, 1234, true],
      tmp: true,
      home: true,
      scratch: true,
      memory: true,
      root: "EROFS",
      data: "EROFS",
      // No token for the Kubernetes API, and no GPU that was not asked for.
      mounted: ["traintask.dev"],
      gpus: "void",
    });
    expect(await (await ask("/v1/tasks/around/report")).text()).toContain("makes no report");
  });

  it("has its log followed while it runs, and kept when its pod is gone", async () => {
    const script = `let n = 0; setInterval(() => { console.log("line", ++n); if (n === 12) process.exit(0); }, 500);`;
    await submit("talks", running(script));
    await release.untilState(namespace, "talks", "Running", "Succeeded");
    const followed = await ask("/v1/tasks/talks/logs?follow=true");
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join("");
    expect(await followed.text()).toBe(lines);
    await release.untilState(namespace, "talks", "Succeeded");
    await eventually("its log is stored", async () => (await taskOf("talks")).status.logStored);
    release.kubectl("delete", "jobs,pods", "--namespace", namespace, "-l", "traintask.dev/task=talks");
    expect(await (await ask("/v1/tasks/talks/logs")).text()).toBe(lines);
  });

  it("that fails leaves its exit code and its last lines in the task", async () => {
    await submit("fails", running(`console.log("one"); console.log("two"); process.exit(3);`), { backoffLimit: 0 });
    const { status } = await release.untilState(namespace, "fails", "Failed");
    expect(status.failure).toMatchObject({ class: "UserCode", exitCode: 3, lastLines: ["one", "two"] });
  });

  it("that ends well without the model that it announced has failed", async () => {
    await submit("forgets", running("", { model: announced }));
    const { status } = await release.untilState(namespace, "forgets", "Failed");
    expect(status.failure).toMatchObject({
      class: "ModelMissing",
      advice: expect.stringContaining("TRAINTASK_MODEL_URL"),
    });
    expect((await ask("/v1/tasks/forgets/model")).status).toBe(404);
  });

  it("that lacks a secret says which within seconds, and starts once it is there", async () => {
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "traintask-late", key: "token" } } }];
    await submit("waits", running("", { env }));
    const begun = clock.monotonic();
    const { message } = await runningBecause("waits", "ContainerConfigError");
    console.log(`a missing secret was told ${Math.round((clock.monotonic() - begun) / 100) / 10} s after the task`);
    expect(message).toContain('secret "traintask-late" not found');
    expect(message).toContain("Make the secret");
    await secret("traintask-late");
    await release.untilState(namespace, "waits", "Succeeded");
  });

  it("that lacks a volume says which, by its path, and is given up when its time is up", async () => {
    const volumes = [{ mountPath: "/keys", secret: { secretName: "traintask-never" } }];
    await submit("lacks", running("", { volumes }), { preRunningDeadlineSeconds: 25 });
    const { message } = await runningBecause("lacks", "ContainerConfigError");
    expect(message).toContain("/keys");
    expect(message).toContain('secret "traintask-never" not found');
    const { status } = await release.untilState(namespace, "lacks", "Failed");
    expect(status.failure).toMatchObject({ class: "ContainerConfigError", message: expect.stringContaining("/keys") });
  });

  it("whose command does not exist fails with what the runtime says, and has not run", async () => {
    await submit("nothing", { command: ["/no/such/program"] }, { backoffLimit: 0 });
    const { status } = await release.untilState(namespace, "nothing", "Failed");
    expect(status.failure).toMatchObject({ class: "ContainerConfigError", exitCode: 128 });
    expect(status.failure?.message).toMatch(/^The container could not be started: .*\/no\/such\/program.*no such file/);
    expect(status.ranSeconds ?? 0).toBe(0);
  });

  it("has no place in the release's own namespace, whichever door it comes by", async () => {
    const task = manifest(
      "intruder",
      running("", { volumes: [{ mountPath: "/x", persistentVolumeClaim: { claimName: "traintask-api" } }] }),
    );
    const there = { ...task, metadata: { name: "intruder", namespace: release.namespace } };
    const says = "is TrainTask's own";
    await expect(release.apply(there)).rejects.toThrow(says);
    await expect(release.client.create(trainTasks, there)).rejects.toThrow(says);
    const body = { method: "POST", body: JSON.stringify(there), headers: { "content-type": "application/json" } };
    release.kubectl(
      "delete",
      "serviceaccount,rolebinding",
      "scientist",
      "--namespace",
      release.namespace,
      "--ignore-not-found",
    );
    const owner = release.scientist(release.namespace);
    const answer = await release.call(`/v1/tasks?namespace=${release.namespace}`, body, { token: owner });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(says)]);
    const reader = {
      ...there,
      spec: { ...built, dataset: { volume: { claimName: "traintask-api", path: "x.csv" }, target: "y" } },
    };
    await expect(release.apply(reader)).rejects.toThrow(says);
    await release.apply({
      ...there,
      metadata: { ...there.metadata, name: "harmless" },
      spec: { ...built, suspend: true },
    });
    release.kubectl("delete", "tt", "harmless", "--namespace", release.namespace);
    release.kubectl("delete", "serviceaccount,rolebinding", "scientist", "--namespace", release.namespace);
  });
});

const built = { trainer: { randomForest: {} }, dataset: { synthetic: {} } };
