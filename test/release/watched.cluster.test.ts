/** A release that is told to watch one namespace, and later all again: with real pods, by the Roles of the chart alone. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chart } from "../chart/helm.ts";
import { imageValues } from "./administrator.ts";
import { install, name } from "./installation.ts";
import { cannotInstall, type Release, theRelease, unlessInstallable } from "./release.ts";
import { smallForest } from "./small-forest.ts";

describe.skipIf(cannotInstall)(`a release that watches one namespace${unlessInstallable}`, { timeout: 300_000 }, () => {
  let release: Release;
  let watched: string;
  let other: string;
  beforeAll(async () => {
    release = await theRelease();
    watched = await release.aNamespace("watched");
    other = await release.aNamespace("other");
    const options = ["--namespace", release.namespace, "--wait", "--timeout", "3m", "--values", "-"];
    await release.helm(["upgrade", name, chart, ...options], { ...imageValues(), watchNamespaces: [watched] });
  }, 300_000);
  afterAll(async () => {
    await install();
    await release.leave();
  }, 300_000);

  const submit = (namespace: string): Promise<void> => release.apply(smallForest(namespace));

  it("trains there, seals the model and serves it", async () => {
    await submit(other);
    await submit(watched);
    const task = await release.untilState(watched, "one", "Succeeded");
    const token = release.scientist(watched);
    const model = await release.call(`/v1/tasks/one/model?namespace=${watched}`, {}, { token });
    expect(model.headers.get("etag")).toContain(task.status?.model?.digest);
  });

  it("leaves a task elsewhere waiting, and says that it does not serve that namespace", async () => {
    expect((await release.untilState(other, "one", "Queued")).status?.conditions).toBeUndefined();
    expect(release.kubectl("get", "jobs", "--namespace", other)).toBe("");
    const token = release.scientist(other);
    const answer = await release.call(`/v1/tasks/one?namespace=${other}`, {}, { token });
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining(`but ${watched}.`)]);
  });

  it("trains the waiting task once it watches all again, and still has the models of before", async () => {
    await install();
    await release.untilState(other, "one", "Succeeded");
    const token = release.token(watched, "scientist");
    expect((await release.call(`/v1/tasks/one/model?namespace=${watched}`, {}, { token })).status).toBe(200);
  });
});
