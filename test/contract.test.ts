/**
 * The contract with the trainer, all the way round: what the operator writes into a pod is what the trainer reads, what
 * the trainer calls is what the API serves, and what it says last is what the operator hears.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApiDocument } from "../api/openapi.ts";
import { DataError } from "../data/error.ts";
import type { Job } from "../kube/objects.ts";
import { buildJob } from "../operator/job.ts";
import { projectPod, projectTask } from "../operator/project.ts";
import { ended } from "../operator/termination.ts";
import {
  ConfigurationError,
  ModelTooLargeError,
  OutOfMemoryError,
  StoppedError,
  TemporaryError,
} from "../trainer/errors.ts";
import { availableCores } from "../trainer/cores.ts";
import { outcomeOf } from "../trainer/failure.ts";
import { memoryLimit } from "../trainer/memory.ts";
import { readSettings } from "../trainer/settings.ts";
import { terminationMessage } from "../trainer/termination.ts";
import { env, exitCode, maxTerminationBytes, paths, routes, streams, tokenAudience } from "../traintask/contract.ts";
import { podConfigDigest } from "../traintask/pod-config-digest.ts";
import { progressSchema } from "../traintask/progress.ts";
import { annotations } from "../traintask/names.ts";
import { failureClasses } from "../traintask/reasons.ts";
import { containerRules } from "../traintask/container-rules.ts";
import { aPod, aTrainTask, anExit } from "./builders/objects.ts";

const settings = {
  apiUrl: "https://api.example:5000",
  ca: "PEM",
  trainerImage: "trainer:1",
  maxModelBytes: 1 << 30,
  allowPrivateAddresses: true,
};
const task = aTrainTask({
  metadata: { name: "iris", namespace: "team" },
  spec: {
    trainer: { randomForest: { nEstimators: 7, maxFeatures: "30%" } },
    dataset: {
      synthetic: undefined,
      csv: 'a,b\n"ä\u2028",2\n',
      target: "b",
      columns: [{ name: "a", type: "category" }],
    },
    seed: Number.MAX_SAFE_INTEGER,
  },
});

let mount: string;
beforeEach(() => {
  mount = mkdtempSync(path.join(tmpdir(), "contract-"));
});
afterEach(() => rmSync(mount, { recursive: true }));

/** What a kubelet does with a pod's files: writes them where its environment says that they are. */
function environmentOf(job: Job): Record<string, string> {
  const { metadata, spec } = job.spec!.template;
  for (const { serviceAccountToken, downwardAPI } of projected(job)) {
    if (serviceAccountToken !== undefined) writeFileSync(path.join(mount, serviceAccountToken.path), "token");
    for (const item of downwardAPI?.items ?? []) {
      const [, annotation = ""] = /^metadata\.annotations\['(.+)'\]$/.exec(item.fieldRef?.fieldPath ?? "") ?? [];
      writeFileSync(path.join(mount, item.path), metadata?.annotations?.[annotation] ?? "");
    }
  }
  const variables = spec!.containers[0]!.env ?? [];
  return Object.fromEntries(variables.map(({ name, value = "" }) => [name, value.replace(paths.mount, mount)]));
}

function projected(job: Job) {
  return job.spec!.template.spec!.volumes!.flatMap((volume) => volume.projected?.sources ?? []);
}

describe("what the operator writes into a pod", () => {
  test("is what the trainer reads", async () => {
    const job = buildJob(projectTask(task), 3, settings);
    expect(await readSettings(environmentOf(job))).toEqual({
      api: {
        url: settings.apiUrl,
        tokenFile: path.join(mount, "token"),
        caFile: path.join(mount, "ca.crt"),
        namespace: "team",
        name: "iris",
      },
      attempt: 3,
      share: { shard: 0, shards: 1 },
      threads: availableCores(),
      memoryBytes: memoryLimit(2 ** 30),
      config: {
        trainer: task.spec.trainer,
        dataset: task.spec.dataset,
        seed: task.spec.seed,
        maxModelBytes: 1 << 30,
        allowPrivateAddresses: true,
        checkedBy: podConfigDigest,
      },
    });
  });

  test("can be read without a certificate authority of the API's own", async () => {
    const job = buildJob(projectTask(task), 1, { ...settings, ca: "" });
    expect((await readSettings(environmentOf(job))).api).not.toHaveProperty("caFile");
    expect(job.spec!.template.metadata?.annotations).not.toHaveProperty(annotations.ca);
  });

  test("has a token that names the task and nothing else", () => {
    const tokens = projected(buildJob(projectTask(task), 1, settings)).flatMap(
      (source) => source.serviceAccountToken ?? [],
    );
    expect(tokens.map(({ audience }) => audience)).toEqual([tokenAudience({ namespace: "team", name: "iris" })]);
    expect(tokenAudience({ namespace: "team", name: "iris" })).not.toBe(
      tokenAudience({ namespace: "team", name: "iris2" }),
    );
  });

  test("tells Kubeflow's clients a URL and two files, and understands the body that they send", () => {
    const variables = environmentOf(buildJob(projectTask(task), 1, settings));
    expect(variables[env.kubeflowUrl]).toBe(`${settings.apiUrl}/v1/tasks/iris/progress?namespace=team`);
    expect(variables[env.kubeflowToken]).toBe(path.join(mount, "token"));
    expect(variables[env.kubeflowCa]).toBe(path.join(mount, "ca.crt"));
    const body = {
      trainerStatus: {
        progressPercentage: 50,
        estimatedRemainingSeconds: 60,
        metrics: [{ name: "loss", value: "0.25" }],
        lastUpdatedTime: "2026-01-02T03:04:05.123456+00:00",
      },
    };
    expect(progressSchema.parse(body)).toEqual(body);
  });

  test("cannot be set by a task, whatever the variable is called", () => {
    const { rule } = containerRules.find(({ name }) => name === "reserved environment")!;
    const prefixes = [...rule.matchAll(/startsWith\('([^']+)'\)/g)].map(([, prefix = "?"]) => prefix);
    for (const name of Object.values(env))
      expect(
        prefixes.some((prefix) => name.startsWith(prefix)),
        name,
      ).toBe(true);
    expect(new Set(Object.values(env)).size).toBe(Object.keys(env).length);
  });
});

describe("what the trainer calls", () => {
  interface Call {
    readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  }
  const document = openApiDocument() as { readonly paths: Record<string, Record<string, Call>> };
  const digest = `sha256:${"a".repeat(64)}`;
  const at = { shard: 0, offset: 12 };
  const calls: [method: string, url: string][] = [
    ["post", routes.progress(task.metadata)],
    ["put", routes.model(task.metadata)],
    ["get", routes.dataset("team", digest)],
    ...streams.flatMap((stream): [string, string][] => [
      ["put", routes.stream(task.metadata, { ...at, stream, last: true })],
      ["get", routes.stream(task.metadata, { ...at, stream })],
    ]),
  ];

  test.each(calls)("is served: %s %s", (method, url) => {
    const { pathname, searchParams } = new URL(url, settings.apiUrl);
    const template = Object.keys(document.paths).find((one) =>
      new RegExp(`^${one.replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
    );
    const call = document.paths[template ?? ""]?.[method];
    expect(call, `${method} ${pathname}`).toBeDefined();
    const query = (call?.parameters ?? []).filter((parameter) => parameter.in === "query");
    const known = query.map(({ name }) => name);
    const required = query.filter((parameter) => parameter.required === true).map(({ name }) => name);
    expect(known).toEqual(expect.arrayContaining([...searchParams.keys()]));
    expect([...searchParams.keys()]).toEqual(expect.arrayContaining(required));
  });
});

describe("what the trainer says last", () => {
  const progress = {
    trainerStatus: {
      progressPercentage: 40,
      metrics: [{ name: "accuracy", value: "0.9" }],
      lastUpdatedTime: "2026-01-02T03:04:05Z",
    },
    curve: "▁▃█",
    score: "acc 0.900",
  };
  const hear = (message: string, code = 65) => ended(projectPod(aPod(anExit(code, { message }))));

  test("is what the operator hears", () => {
    const outcome = outcomeOf(new DataError("Row 3: not a number."));
    expect(hear(terminationMessage(progress, outcome))?.words).toEqual({ ...progress, failure: outcome.failure });
  });

  test("is heard however long it is, and fits into 4096 bytes", () => {
    const metrics = Array.from({ length: 64 }, (_, index) => ({
      name: `metric ${index} 🌲`.padEnd(40, "ä"),
      value: "0".repeat(64),
    }));
    const outcome = outcomeOf(new ConfigurationError("\u0001".repeat(5000), { advice: "ä".repeat(5000) }));
    const message = terminationMessage({ ...progress, trainerStatus: { ...progress.trainerStatus, metrics } }, outcome);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxTerminationBytes);
    const words = hear(message)?.words;
    expect(words?.failure?.class).toBe("BadConfiguration");
    expect(words?.trainerStatus?.progressPercentage).toBe(40);
    expect(words?.score).toBe("acc 0.900");
  });

  const errors = [
    new ConfigurationError("x"),
    new ModelTooLargeError("x"),
    new DataError("x"),
    new OutOfMemoryError("x"),
    new TemporaryError("x"),
    new StoppedError("x"),
    new Error("x"),
  ];
  test.each(errors.map((error) => [error.name, error] as const))(
    "of a %s is a code and a class that the operator knows",
    (_name, error) => {
      const outcome = outcomeOf(error);
      expect([1, ...Object.values(exitCode)]).toContain(outcome.exitCode);
      expect(outcome.exitCode).not.toBe(exitCode.done);
      if (outcome.failure !== undefined) expect(failureClasses).toContain(outcome.failure.class);
    },
  );

  test("decides whether there is another try: bad configuration and bad data end the Job at once", () => {
    const codes = buildJob(projectTask(task), 1, settings).spec!.podFailurePolicy!.rules.flatMap((rule) =>
      rule.action === "FailJob" ? (rule.onExitCodes?.values ?? []) : [],
    );
    expect(codes).toEqual(expect.arrayContaining([exitCode.badConfiguration, exitCode.badData, exitCode.outOfMemory]));
    for (const code of [exitCode.temporary, exitCode.stoppedByRequest, 1]) expect(codes).not.toContain(code);
  });
});
