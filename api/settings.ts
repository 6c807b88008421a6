/** What the API can be told, with its defaults; main.ts reads it from the environment, npm start from its options. */
import { z } from "zod";
import type { TrainTaskManifest } from "../traintask/task.ts";

const mebibyte = 1 << 20;

/** What `GET /AddTask` submits unless told otherwise: what the Flask program trained on. */
export const defaultAddTask: Pick<TrainTaskManifest, "spec"> = {
  spec: {
    trainer: { randomForest: {} },
    dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
  },
};

export const apiSettingsSchema = z.strictObject({
  /** This version has no authentication, so it serves its own machine only. */
  host: z
    .string()
    .default("127.0.0.1")
    .refine((host) => host === "127.0.0.1", {
      error: "the API has no authentication yet, so it listens on 127.0.0.1 only",
    }),
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(5000),
  /** Prometheus metrics on 127.0.0.1; absent: none. */
  metricsPort: z.int().min(0).max(65_535).optional(),
  /** Directory of models, reports, logs and datasets. */
  dataDir: z.string().min(1),
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
