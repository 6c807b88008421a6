/** The examples that bring a container, on a real node, in images that their own Dockerfiles make. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { downloaded } from "./answers.ts";
import { cannotInstall, type Release, theRelease, unlessInstallable } from "./release.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");
const { TRAINTASK_SKLEARN_IMAGE: sklearn, TRAINTASK_KUBEFLOW_IMAGE: kubeflow } = process.env;
const cannotRun = cannotInstall || sklearn === undefined || kubeflow === undefined;
const unlessRunnable = cannotInstall
  ? unlessInstallable
  : cannotRun
    ? " (skipped: needs TRAINTASK_SKLEARN_IMAGE and TRAINTASK_KUBEFLOW_IMAGE)"
    : "";

interface Manifest {
  readonly metadata: object;
  readonly spec: { readonly trainer: { readonly container: object } };
}

describe.skipIf(cannotRun)(`the examples with a container${unlessRunnable}`, { timeout: 300_000 }, () => {
  let release: Release;
  let namespace: string;
  let token: string;
  beforeAll(async () => {
    release = await theRelease();
    namespace = await release.aNamespace("examples");
    token = release.scientist(namespace);
  }, 300_000);
  afterAll(() => release.leave());

  /** As it stands in the example, but for the image's name. */
  async function submit(example: string, image = ""): Promise<void> {
    const task = parse(readFileSync(join(examples, example, "task.yaml"), "utf8")) as Manifest;
    const container = { ...task.spec.trainer.container, image };
    await release.apply({
      ...task,
      metadata: { ...task.metadata, namespace },
      spec: { ...task.spec, trainer: { container } },
    });
  }
  const log = async (name: string): Promise<string> =>
    (await release.call(`/v1/tasks/${name}/logs?namespace=${namespace}`, {}, { token })).text();

  it("04: scikit-learn reports its accuracy, and its pickled model comes back as it was", async () => {
    await submit("04-sklearn-svm", sklearn);
    const { status } = await release.untilState(namespace, "svm", "Succeeded");
    expect(status.trainerStatus).toMatchObject({ progressPercentage: 100, metrics: [{ name: "accuracy" }] });
    expect(Number(status.trainerStatus?.metrics?.[0]?.value)).toBeGreaterThan(0.9);
    expect(await log("svm")).toContain("fold 5 of 5: accuracy");
    await downloaded(release, { namespace, name: "svm", token });
    const path = `/v1/tasks/svm/model?namespace=${namespace}`;
    const bytes = Buffer.from(await (await release.call(path, {}, { token })).arrayBuffer());
    // A pickle says what it is made of.
    expect(bytes.includes("sklearn.svm")).toBe(true);
  });

  it("05: the kubeflow SDK, unchanged, is heard", async () => {
    await submit("05-kubeflow-client", kubeflow);
    const { status } = await release.untilState(namespace, "kubeflow", "Succeeded");
    expect(status.trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
    expect(status.trainerStatus?.metrics?.map(({ name }) => name)).toEqual(["loss", "slope", "offset"]);
    expect(await log("kubeflow")).toMatch(/[2-9] reports were heard/);
  });
});
