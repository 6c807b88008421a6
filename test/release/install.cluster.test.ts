/**
 * From a cluster that has never heard of TrainTask to a downloaded model, by `helm install` with default values and what
 * its notes say, command by command; and back to a cluster that has nothing of it left. This takes the definitions away,
 * and every task with them, so it runs only where the cluster was made for the tests.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { chart } from "../chart/helm.ts";
import { command } from "../cluster/command.ts";
import { eventually, helm, imageValues, kubectl } from "./administrator.ts";
import { cannotInstall, isDisposable, unlessDisposable } from "./administrator.ts";
import { everyObject } from "./cluster-objects.ts";
import { name, namespace } from "./installation.ts";
import { type Notes, notesOf } from "./notes.ts";

const release = [name, "--namespace", namespace];
const readyPods = [
  "get",
  "pods",
  "--namespace",
  namespace,
  "-o",
  "jsonpath={.items[*].status.containerStatuses[*].ready}",
];
const startTime = ["get", "tt", "first-task", "--ignore-not-found", "-o", "jsonpath={.status.startTime}"];
const status = (path: string): string => kubectl("get", "tt", "first-task", "-o", `jsonpath={.status.${path}}`);

describe.skipIf(cannotInstall || !isDisposable)(`helm install${unlessDisposable}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "install-"));
  let before: ReadonlySet<string>;
  let notes: Notes;
  const added = (): string[] => everyObject().filter((object) => !before.has(object));
  /** Runs what a person would type, in one shell. */
  const type = (...lines: string[]): Promise<string> =>
    command(["bash", "-euo", "pipefail", "-c", lines.join("\n")], { cwd: folder, timeoutMs: 170_000 });

  beforeAll(async () => {
    await helm(["uninstall", ...release, "--wait", "--ignore-not-found"]);
    await type(`kubectl get crd -o name | grep 'traintask.dev$' | xargs --no-run-if-empty kubectl delete`);
    await type(`kubectl delete namespace ${namespace} --ignore-not-found`);
    before = new Set(everyObject());
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("comes to a downloaded model by the commands that it prints", { timeout: 180_000 }, async () => {
    const begun = clock.monotonic();
    const line = (what: string): string => `${((clock.monotonic() - begun) / 1000).toFixed(1).padStart(5)} s  ${what}`;
    const told: string[] = [];
    const observed = async (what: string, ask: () => boolean): Promise<void> => {
      await eventually(what, () => (ask() ? true : undefined));
      told.push(line(what));
    };
    notes = notesOf(await helm(["install", ...release, "--create-namespace", chart, "--values", "-"], imageValues()));
    told.push(line("helm install has answered"));
    await Promise.all([
      type(notes.steps[0]).then(() => told.push(line("kubectl wait has seen the task complete"))),
      observed("its pod runs", () => kubectl(...startTime) !== ""),
      observed("operator and API are ready", () => kubectl(...readyPods) === "true true"),
    ]);
    // A person takes longer to type the third command than the forwarding takes to listen.
    const listens = "until (: < /dev/tcp/127.0.0.1/5000) 2>/dev/null; do sleep 0.1; done";
    await type("trap 'kill $(jobs -p)' EXIT", notes.steps[1], listens, notes.steps[2]);
    told.push(line("the model is downloaded"));
    console.log(["from nothing to a model:", ...told].join("\n  "));

    const model = readFileSync(join(folder, "model.jsonl"));
    expect(`sha256:${createHash("sha256").update(model).digest("hex")}`).toBe(status("model.digest"));
    expect(status("attempt")).toBe("1");
  });

  it("is undone by helm uninstall and what the notes say, to the last object", { timeout: 180_000 }, async () => {
    expect(added()).toEqual(expect.arrayContaining([`Deployment ${namespace} traintask-api`]));
    // Made by the person, by the notes' third step.
    await type("kubectl delete serviceaccount,rolebinding scientist");
    await helm(["uninstall", ...release, "--wait"]);
    const ofTheNamespace = [
      `ConfigMap ${namespace} kube-root-ca.crt`,
      `Namespace <none> ${namespace}`,
      `ServiceAccount ${namespace} default`,
    ];
    const inTheNotes = [
      "CustomResourceDefinition <none> trainqueues.traintask.dev",
      "CustomResourceDefinition <none> traintasks.traintask.dev",
      `Lease ${namespace} traintask-dev-operator`,
      `PersistentVolumeClaim ${namespace} traintask-api`,
    ];
    // What belongs to the definitions: Kubernetes' entry for their version, the task, its Job and its pod.
    const ofTheDefinitions = /^APIService | first-task(-|$)/;
    const left = (): string[] => added().filter((object) => !ofTheDefinitions.test(object));
    const soon = { timeout: 60_000, interval: 500 };
    await expect.poll(left, soon).toEqual([...ofTheNamespace, ...inTheNotes].toSorted());
    await type(notes.removal);
    await expect.poll(added, soon).toEqual(ofTheNamespace);
  });
});
