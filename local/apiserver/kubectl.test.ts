/** The unmodified kubectl against the server: what a person types, and what it prints. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { aServer } from "./fixture.ts";
import { serveHttp, type HttpServer } from "./http.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { ApiServer } from "./server.ts";

const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

describe.skipIf(!hasKubectl)("kubectl (skipped where it is not installed)", () => {
  let directory: string;
  let api: ApiServer;
  let http: HttpServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "traintask-kubectl-"));
    const logs = async function* () {
      yield await Promise.resolve(Buffer.from("hello from the pod\n"));
    };
    api = aServer({ clock: systemClock, logs }).server;
    http = await serveHttp({ handle: api.handle, log: silentLog });
    writeKubeconfig(join(directory, "kubeconfig"), http.url);
  });
  afterAll(async () => {
    await http.close();
    api.close();
    rmSync(directory, { recursive: true });
  });

  const kubectl = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const environment = { PATH: process.env["PATH"], HOME: directory, KUBECONFIG: join(directory, "kubeconfig") };
      execFile("kubectl", args, { env: environment, timeout: 25_000 }, (error, out, err) => {
        resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err });
      });
    });
  const file = (name: string, spec: string): string => {
    const path = join(directory, `${name}.yaml`);
    writeFileSync(
      path,
      `apiVersion: contract.traintask.dev/v1\nkind: Widget\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
    );
    return path;
  };

  test("applies, applies again, changes by applying", async () => {
    expect((await kubectl("apply", "-f", file("one", "{ size: 2 }"))).out).toContain(
      "widget.contract.traintask.dev/one created",
    );
    expect((await kubectl("apply", "-f", file("one", "{ size: 2 }"))).out).toContain("unchanged");
    expect((await kubectl("apply", "-f", file("one", "{ size: 4 }"))).out).toContain("configured");
    expect((await kubectl("get", "wd", "one", "-o", "jsonpath={.spec.size}")).out).toBe("4");
  });

  test("names the unknown field of a file that it applies", async () => {
    const { code, err } = await kubectl("apply", "-f", file("bogus", "{ size: 2, bogus: 1 }"));
    expect(code).toBe(1);
    expect(err).toContain('unknown field "spec.bogus"');
  });

  test("shows why an object is not valid", async () => {
    expect((await kubectl("create", "-f", file("large", "{ size: 11 }"))).err).toContain(
      'The Widget "large" is invalid: spec.size: Invalid value: 11',
    );
  });

  test("prints the definition's columns, and more when asked", async () => {
    await kubectl("apply", "-f", file("two", "{ size: 2, color: green }"));
    const { out } = await kubectl("get", "wd", "two");
    expect(out.split("\n")[0]?.split(/\s+/)).toEqual(["NAME", "SIZE", "PHASE", "AGE"]);
    expect(out.split("\n")[1]).toMatch(/^two\s+2\s+New\s+\d+s$/);
    expect((await kubectl("get", "wd", "two", "-o", "wide")).out).toContain("green");
  });

  test("describes, explains, labels and annotates", async () => {
    await kubectl("apply", "-f", file("three", "{ size: 2 }"));
    expect((await kubectl("label", "wd", "three", "a=b")).out).toContain("labeled");
    expect((await kubectl("annotate", "wd", "three", "c=d")).out).toContain("annotated");
    const { out } = await kubectl("describe", "wd", "three");
    expect(out).toMatch(/Labels:\s+a=b/);
    expect(out).toContain("Size:   2");
    expect((await kubectl("explain", "wd.spec.size")).out).toContain("How large the widget is");
  });

  test("patches, replaces, and waits for what it patched", async () => {
    await kubectl("apply", "-f", file("four", "{ size: 2 }"));
    expect((await kubectl("patch", "wd", "four", "--type=merge", "-p", '{"spec":{"size":6}}')).out).toContain(
      "patched",
    );
    const operations = '[{"op":"replace","path":"/spec/size","value":8}]';
    expect((await kubectl("patch", "wd", "four", "--type=json", "-p", operations)).out).toContain("patched");
    await kubectl("patch", "wd", "four", "--subresource=status", "--type=merge", "-p", '{"status":{"phase":"Done"}}');
    const waited = await kubectl("wait", "--for=jsonpath={.status.phase}=Done", "wd/four", "--timeout=20s");
    expect(waited.out).toContain("condition met");
    expect((await kubectl("replace", "-f", file("four", "{ size: 10 }"))).out).toContain("replaced");
  });

  test("waits for something that happens while it waits", async () => {
    await kubectl("apply", "-f", file("five", "{ size: 2 }"));
    const waiting = kubectl("wait", "--for=delete", "wd/five", "--timeout=20s");
    await kubectl("delete", "wd", "five");
    expect((await waiting).code).toBe(0);
  });

  test("reads a pod's log", async () => {
    const path = join(directory, "pod.yaml");
    writeFileSync(
      path,
      "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { nodeName: node1, containers: [{ name: c, image: i }] }\n",
    );
    expect((await kubectl("create", "-f", path)).out).toContain("pod/p created");
    expect((await kubectl("logs", "p")).out).toBe("hello from the pod\n");
    expect((await kubectl("delete", "pod", "p", "--force", "--grace-period=0")).out).toContain('pod "p" force deleted');
  });

  test("says that server-side apply is not there", async () => {
    expect((await kubectl("apply", "--server-side", "-f", file("six", "{ size: 2 }"))).err).toContain(
      "does not support server-side apply",
    );
  });

  test("makes a namespace from a file and deletes it with all that is in it", async () => {
    const path = join(directory, "namespace.yaml");
    writeFileSync(path, "apiVersion: v1\nkind: Namespace\nmetadata: { name: place }\n");
    await kubectl("apply", "-f", path);
    await kubectl("apply", "-n", "place", "-f", file("seven", "{ size: 2 }"));
    expect((await kubectl("delete", "namespace", "place", "--timeout=20s")).out).toContain("deleted");
    expect((await kubectl("get", "wd", "-A")).out).not.toContain("seven");
  });
});
