import { describe, expect, test } from "vitest";
import { aTrainTask } from "../test/builders/objects.ts";
import { env, paths } from "../traintask/contract.ts";
import { annotations } from "../traintask/names.ts";
import type { DatasetSpec } from "../traintask/dataset.ts";
import { podTemplate } from "./pod-template.ts";
import { projectTask } from "./project.ts";

const forest = { randomForest: { nEstimators: 1 } };
const container = { container: { image: "mine:1" }, randomForest: undefined };
const trainers = { "a built-in trainer": forest, "a container": container };
const digest = `sha256:${"a".repeat(64)}`;

function podOf(dataset: Partial<DatasetSpec>, trainer: object = forest) {
  const task = aTrainTask({ spec: { trainer, dataset: { synthetic: undefined, target: "y", ...dataset } } });
  const settings = { apiUrl: "https://api", ca: "", trainerImage: "trainer:1", maxModelBytes: 1 };
  const { metadata, spec } = podTemplate(projectTask(task), { attempt: 1, labels: {}, settings });
  const main = spec?.containers[0];
  return {
    annotations: metadata?.annotations ?? {},
    volume: spec?.volumes?.find(({ name }) => name === "dataset"),
    files: spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []).flatMap((one) => one.downwardAPI?.items),
    mount: main?.volumeMounts?.find(({ name }) => name === "dataset"),
    environment: Object.fromEntries((main?.env ?? []).map(({ name, value }) => [name, value])),
  };
}

describe.each(Object.entries(trainers))("the pod of %s", (_, trainer) => {
  test("finds the ConfigMap's key as a file, and starts without it too, to say what is missing", () => {
    const pod = podOf({ configMap: { name: "tables", key: "iris.csv" } }, trainer);
    expect(pod.volume?.configMap).toEqual({
      name: "tables",
      items: [{ key: "iris.csv", path: "iris.csv" }],
      optional: true,
    });
    expect(pod.mount).toMatchObject({ mountPath: paths.dataset, readOnly: true });
    expect(pod.environment[env.dataset]).toBe(`${paths.dataset}/iris.csv`);
  });

  test("finds the file of the claim, which it can only read", () => {
    const pod = podOf({ volume: { claimName: "tables", path: "2026/iris.csv" } }, trainer);
    expect(pod.volume?.persistentVolumeClaim).toEqual({ claimName: "tables", readOnly: true });
    expect(pod.mount).toEqual({ name: "dataset", mountPath: paths.dataset, readOnly: true });
    expect(pod.environment[env.dataset]).toBe(`${paths.dataset}/2026/iris.csv`);
  });

  test("takes a path literally that looks like a reference to a variable", () => {
    const pod = podOf({ volume: { claimName: "tables", path: "$(HOME)/$$/$x" } }, trainer);
    expect(pod.environment[env.dataset]).toBe(`${paths.dataset}/$$(HOME)/$$$$/$$x`);
  });

  test("has no such volume for data of another kind", () => {
    const pod = podOf({ uri: `traintask://datasets/${digest}` }, trainer);
    expect(pod).toMatchObject({ volume: undefined, mount: undefined });
    expect(pod.environment).not.toHaveProperty(env.dataset);
  });
});

describe("a container", () => {
  test("finds its inline rows as a file", () => {
    const pod = podOf({ csv: "x,y\n1,2\n" }, container);
    expect(pod.annotations[annotations.rows]).toBe("x,y\n1,2\n");
    expect(pod.files).toContainEqual({
      path: "rows.csv",
      fieldRef: { fieldPath: `metadata.annotations['${annotations.rows}']` },
    });
    expect(pod.environment[env.dataset]).toBe(paths.rows);
  });

  test("is told where it gets the dataset that the API keeps", () => {
    const { environment } = podOf({ uri: `traintask://datasets/${digest}` }, container);
    expect(environment[env.datasetUrl]).toBe(`https://api/v1/datasets/${digest}?namespace=default`);
  });
});

describe("a built-in trainer", () => {
  test("has inline rows in its configuration alone", () => {
    const pod = podOf({ csv: "x,y\n1,2\n" });
    expect(pod.annotations).not.toHaveProperty([annotations.rows]);
    expect(pod.annotations[annotations.config]).toContain("x,y");
    expect(pod.environment).not.toHaveProperty(env.dataset);
  });
});
