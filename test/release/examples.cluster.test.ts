/** Each example's file, as it stands, to a model, a report and a log on real pods. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { downloaded } from "./answers.ts";
import { cannotInstall, type Release, theRelease, unlessInstallable } from "./release.ts";

const folder = join(import.meta.dirname, "..", "..", "examples");
const has = (name: string, file: string): boolean => existsSync(join(folder, name, file));
// Those with an image of their own: container-examples.cluster.test.ts.
const examples = readdirSync(folder).filter((name) => has(name, "task.yaml") && !has(name, "Dockerfile"));

describe.skipIf(cannotInstall)(`the examples${unlessInstallable}`, { timeout: 240_000 }, () => {
  let release: Release;
  beforeAll(async () => {
    release = await theRelease();
  }, 240_000);
  afterAll(() => release.leave());

  it.concurrent.each(examples)("%s trains in a namespace that takes restricted pods alone", async (example) => {
    const namespace = await release.aNamespace(example.slice(0, 2));
    const token = release.scientist(namespace);
    const file = join(folder, example, "task.yaml");
    // `apply` takes no task whose name is to be made up.
    const made = release.kubectl("create", "--namespace", namespace, "-f", file, "-o", "jsonpath={.metadata.name}");
    const task = await release.untilState(namespace, made, "Succeeded");
    expect(task.status).toMatchObject({ attempt: 1, failed: 0 });
    await downloaded(release, { namespace, name: made, token });
    for (const part of ["logs", "report"]) {
      const answer = await release.call(`/v1/tasks/${made}/${part}?namespace=${namespace}`, {}, { token });
      expect([part, answer.status, (await answer.text()) === ""]).toEqual([part, 200, false]);
    }
  });
});
