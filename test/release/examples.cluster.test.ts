/** Each example's file, as it stands, to a model, a report and a log on real pods. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parcels } from "../../examples/07-big-csv/make-csv.ts";
import { downloaded } from "./answers.ts";
import { cannotInstall, type Release, theRelease, unlessInstallable } from "./release.ts";

const folder = join(import.meta.dirname, "..", "..", "examples");
const has = (name: string, file: string): boolean => existsSync(join(folder, name, file));
// Those with an image of their own: container-examples.cluster.test.ts.
const examples = readdirSync(folder).filter((name) => has(name, "task.yaml") && !has(name, "Dockerfile"));

/** The example's file as it stands; the one of a big table with fewer rows of it, which are uploaded. */
async function taskFile(
  example: string,
  { release, namespace, token }: { release: Release; namespace: string; token: string },
): Promise<string> {
  const file = join(folder, example, "task.yaml");
  const text = readFileSync(file, "utf8");
  const uri = /traintask:\/\/datasets\/\S+/;
  if (!uri.test(text)) return file;
  const rows = { method: "PUT", headers: { "content-type": "text/csv" }, body: [...parcels(10_000)].join("") };
  const answer = await release.call(`/v1/datasets?namespace=${namespace}`, rows, { token });
  const smaller = join(mkdtempSync(join(tmpdir(), "traintask-example-")), "task.yaml");
  writeFileSync(smaller, text.replace(uri, ((await answer.json()) as { uri: string }).uri));
  return smaller;
}

describe.skipIf(cannotInstall)(`the examples${unlessInstallable}`, { timeout: 240_000 }, () => {
  let release: Release;
  beforeAll(async () => {
    release = await theRelease();
  }, 240_000);
  afterAll(() => release.leave());

  it.concurrent.each(examples)("%s trains in a namespace that takes restricted pods alone", async (example) => {
    const namespace = await release.aNamespace(example.slice(0, 2));
    const token = release.scientist(namespace);
    const file = await taskFile(example, { release, namespace, token });
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
