/** The three doors of a release on a real cluster: HTTP, kubectl, and the two calls of the Flask program. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { downloaded, everythingElse } from "./answers.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";

const root = join(import.meta.dirname, "..", "..");
const file = join(root, "examples", "01-first-task", "task.yaml");
const manifest = readFileSync(file, "utf8");
const flower = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 };

/** Some seconds of work on any machine, so that there is something to count. */
const slow = {
  apiVersion: "traintask.dev/v1alpha1",
  kind: "TrainTask",
  metadata: { name: "slow" },
  spec: {
    trainer: { randomForest: { nEstimators: 300, minSamplesLeaf: 10 } },
    dataset: { synthetic: { kind: "friedman1", rows: 4000, columns: 10, noise: "1" } },
    resources: { limits: { cpu: "250m" } },
  },
};

describe.skipIf(cannotInstall)(`the doors of a release${unlessInstallable}`, { timeout: 240_000 }, () => {
  let release: Release;
  let byHttp: { namespace: string; token: string };
  let byKubectl: { namespace: string; token: string };
  beforeAll(async () => {
    release = await theRelease();
    const owner = async (prefix: string): Promise<typeof byHttp> => {
      const namespace = await release.aNamespace(prefix);
      return { namespace, token: release.scientist(namespace) };
    };
    byHttp = await owner("by-http");
    byKubectl = await owner("by-kubectl");
  }, 240_000);
  afterAll(() => release.leave());

  it("are three: HTTP, to whoever brings a token that may", async () => {
    const { namespace, token } = byHttp;
    const body = { method: "POST", body: manifest, headers: { "content-type": "application/yaml" } };
    const path = `/v1/tasks?namespace=${namespace}`;
    expect((await release.call(path, body)).status).toBe(401);
    expect((await release.call(path, body, { token: byKubectl.token })).status).toBe(403);
    const created = await release.call(path, body, { token });
    expect(created.status).toBe(201);
    await release.untilState(namespace, "iris", "Succeeded");
    await downloaded(release, { ...byHttp, name: "iris" });
    await everythingElse(release, { ...byHttp, name: "iris" }, flower);
  });

  it("kubectl, which applies the same file and waits for the condition", async () => {
    const { namespace } = byKubectl;
    release.kubectl("apply", "--namespace", namespace, "-f", file);
    await release.untilState(namespace, "iris", "Finishing", "Succeeded");
    release.kubectl("wait", "--namespace", namespace, "--for=condition=Complete", "--timeout=50s", "tt/iris");
    expect(release.kubectl("get", "--namespace", namespace, "tt", "iris")).toMatch(/Succeeded +.*100/);
    await downloaded(release, { ...byKubectl, name: "iris" });
    await everythingElse(release, { ...byKubectl, name: "iris" }, flower);
  });

  it("train the same model, byte for byte, which is the one that `npm run train` makes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "doors-"));
    const line = ["run", "--silent", "train", "--", file, "--out", join(folder, "model.jsonl")];
    const told = execFileSync("npm", line, { cwd: root, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    const digest = await downloaded(release, { ...byHttp, name: "iris" });
    expect(await downloaded(release, { ...byKubectl, name: "iris" })).toBe(digest);
    expect(told).toContain(digest);
  });

  it("and the Flask program's two calls, text for text, with a token", async () => {
    const { namespace, token } = byHttp;
    // GET /AddTask submits to the namespace of its template, here `default`.
    release.kubectl("delete", "serviceaccount,rolebinding", "scientist", "--ignore-not-found");
    const owner = release.scientist("default");
    const names = (): string[] => release.kubectl("get", "tt", "-o", "jsonpath={.items[*].metadata.name}").split(" ");
    const before = new Set(names());
    expect((await release.call("/AddTask")).status).toBe(401);
    expect((await release.call("/AddTask", {}, { token })).status).toBe(403);
    expect(await (await release.call("/AddTask", {}, { token: owner })).text()).toBe("Success");
    const name = names().find((one) => one.startsWith("addtask-") && !before.has(one)) ?? "";

    await release.apply({ ...slow, metadata: { ...slow.metadata, namespace } });
    const count = async (): Promise<string> => {
      const response = await release.call(`/RunningTaskCount?namespace=${namespace}`, {}, { token });
      return response.text();
    };
    expect(await count()).toMatch(/^We have [01] running tasks\.$/);
    const is = (said: string): Promise<true> =>
      eventually(`it says: ${said}`, async () => ((await count()) === said ? true : undefined));
    await is("We have 1 running tasks.");
    await is("We have 0 running tasks.");

    await release.untilState("default", name, "Succeeded");
    await downloaded(release, { namespace: "default", name, token: owner });
    await everythingElse(release, { namespace: "default", name, token: owner }, { x1: 0.5, x2: 0.5 });
    release.kubectl("delete", "tt", name);
    release.kubectl("delete", "serviceaccount,rolebinding", "scientist");
  });
});
