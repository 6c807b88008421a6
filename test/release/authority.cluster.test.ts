/** A second authority of the API's certificate, on its way into new pods: without a restart of anything. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobs, type Job } from "../../kube/objects.ts";
import { selfSigned } from "../../kube/self-signed.ts";
import { annotations } from "../../traintask/names.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";
import { smallForest } from "./small-forest.ts";

const secret = "traintask-api-tls";

describe.skipIf(cannotInstall)(`an authority that is renewed${unlessInstallable}`, { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  let release: Release;
  let before: string;
  beforeAll(async () => {
    release = await theRelease();
    const path = ["-o", "jsonpath={.data.ca\\.crt}"];
    before = release.kubectl("get", "secret", "--namespace", release.namespace, secret, ...path);
  }, 240_000);
  afterAll(async () => {
    setAuthority(before);
    await release.leave();
    rmSync(folder, { recursive: true });
  });

  /** @param encoded PEM, as Secrets have it */
  const setAuthority = (encoded: string): void => {
    const patch = JSON.stringify({ data: { "ca.crt": encoded } });
    release.kubectl("patch", "secret", "--namespace", release.namespace, secret, "--type=merge", "--patch", patch);
  };

  it("is in the pods of the Jobs that are made from then on, which trust the API by it", async () => {
    const pod = await release.pod("operator");
    const second = readFileSync(selfSigned(folder)?.cert ?? "", "utf8");
    const both = `${Buffer.from(before, "base64").toString()}${second}`;
    setAuthority(Buffer.from(both).toString("base64"));
    // The kubelet brings a changed Secret into a pod in its own time, a minute or two; when the pod changes, at once.
    const name = pod.metadata?.name ?? "";
    release.kubectl("annotate", "pod", "--namespace", release.namespace, name, "traintask.dev/look-again=now");
    const log = (): string => release.kubectl("logs", "--namespace", release.namespace, name, "--tail=500");
    await eventually("the operator has read it", () => (log().includes("authority was renewed") ? true : undefined));
    const namespace = await release.aNamespace("renewed");
    await release.apply(smallForest(namespace));
    await release.untilState(namespace, "one", "Succeeded");
    const { items } = await release.client.list<Job>(jobs, { namespace });
    expect(items[0]?.spec?.template.metadata?.annotations?.[annotations.ca]).toBe(both);
    expect((await release.pod("operator")).metadata?.uid).toBe(pod.metadata?.uid);
  });
});
