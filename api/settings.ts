/** What the API can be told, with its defaults; main.ts reads it from the environment, npm start from its options. */
import * as z from "zod";
import type { TrainTaskManifest } from "../traintask/task.ts";
import { namespacesIn } from "../traintask/watched.ts";

const loopback = "127.0.0.1";
const mebibyte = 1 << 20;

/** What `GET /AddTask` submits unless told otherwise: what the Flask program asked TPOT for, on 50 rows of random data. */
const defaultAddTask: Pick<TrainTaskManifest, "spec"> = {
  spec: {
    trainer: { search: { generations: 10, populationSize: 20, scoring: "neg_mean_squared_error" } },
    dataset: { synthetic: { kind: "uniform", rows: 50, columns: 2 }, problemType: "regression" },
    seed: 42,
  },
};

const s3Settings = z.strictObject({
  bucket: z.string().min(1),
  /** Stands before the key of each object, as a folder's name. */
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._/-]*$/, { error: "letters, digits, . _ - and / are wanted" })
    .default("")
    .transform((prefix) => prefix.replace(/^\/+|\/+$/g, ""))
    .transform((prefix) => (prefix === "" ? "" : `${prefix}/`)),
  /** Absent: Amazon's, by region. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().min(1).default("us-east-1"),
  /** For servers whose buckets have no host names of their own. */
  forcePathStyle: z.boolean().default(false),
});

const settings = z.strictObject({
  /** Who is let in: `kubernetes` asks the cluster about each caller's token, `local` takes everybody on this machine. */
  access: z.enum(["kubernetes", "local"]).default("kubernetes"),
  /** Address that is listened on, for metrics too. */
  host: z
    .union([z.ipv4(), z.ipv6()], { error: "an IP address is wanted, such as 127.0.0.1 or 0.0.0.0" })
    .default(loopback),
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(5000),
  /** PEM files; read again when they change. Absent: plain HTTP. */
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  /** Prometheus metrics, for which no token is asked; absent: none. */
  metricsPort: z.int().min(0).max(65_535).optional(),
  /** Directory of models, reports, logs and datasets. Several APIs may share one, on a file system with hard links. */
  dataDir: z.string().min(1).optional(),
  /** The bucket that takes the directory's place. */
  s3: s3Settings.optional(),
  /**
   * After it was asked to end, the API serves everybody for this long as before: whoever sends requests here (a
   * Service, an Ingress) hears of its end a little later.
   */
  drainSeconds: z.int().min(0).max(300).default(0),
  /** Then requests that are under way may take this long. */
  farewellSeconds: z.int().min(0).max(3600).default(1),
  /** Tasks of these namespaces alone are served; empty: of all. */
  watchNamespaces: z.array(z.string()).default([]).transform(checkNamespaces),
  /** A task without metadata, or with a generateName, that GET /AddTask submits. */
  addTask: z
    .custom<Pick<TrainTaskManifest, "spec" | "metadata">>((value) => typeof value === "object")
    .default(defaultAddTask),
  /** Required (as a Bearer token) of those who submit a `container` task over HTTP; absent: nothing is. */
  containerToken: z.string().min(16).optional(),
  maxModelBytes: z
    .int()
    .min(1)
    .default(1024 * mebibyte),
  maxLogBytes: z
    .int()
    .min(1)
    .default(64 * mebibyte),
  /** Of all trials of a search. */
  maxTrialsBytes: z
    .int()
    .min(1)
    .default(64 * mebibyte),
  maxReportBytes: z
    .int()
    .min(1)
    .default(16 * mebibyte),
  /** Of one dataset, and of all datasets of a namespace together. */
  maxDatasetBytes: z
    .int()
    .min(1)
    .default(1024 * mebibyte),
  maxNamespaceDatasetBytes: z
    .int()
    .min(1)
    .default(10 * 1024 * mebibyte),
  /** Largest model that is held in memory to predict with. */
  maxPredictModelBytes: z
    .int()
    .min(1)
    .default(256 * mebibyte),
});

function checkNamespaces(names: readonly string[], context: z.RefinementCtx): string[] {
  try {
    return namespacesIn(names.join(","));
  } catch (cause) {
    context.addIssue({ code: "custom", message: cause instanceof Error ? cause.message : "" });
    return z.NEVER;
  }
}

/** What is kept has one place. What other machines can reach asks for tokens, and lets none cross the network in the clear. */
const apiSettingsSchema = settings.superRefine(({ host, access, tls, dataDir, s3 }, context) => {
  if ((dataDir === undefined) === (s3 === undefined))
    context.addIssue({
      code: "custom",
      path: ["dataDir"],
      message: "either a directory or s3 must be set, and not both",
    });
  if (host === loopback) return;
  if (access !== "kubernetes")
    context.addIssue({
      code: "custom",
      path: ["access"],
      message: `must be kubernetes where others can reach the API (on ${host})`,
    });
  if (tls === undefined)
    context.addIssue({
      code: "custom",
      path: ["tls"],
      message: `a certificate is needed where others can reach the API (on ${host})`,
    });
});

export type S3Input = z.input<typeof s3Settings>;
export type ApiSettings = z.output<typeof apiSettingsSchema>;

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** @throws SettingsError that names the setting */
export function apiSettings(input: z.input<typeof apiSettingsSchema>): ApiSettings {
  const result = apiSettingsSchema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SettingsError(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`, { cause: result.error });
}
