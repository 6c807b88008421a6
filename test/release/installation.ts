/** Where the tests' release is, and how it gets there: into a namespace that nobody else uses. */
import { join } from "node:path";
import { chart } from "../chart/helm.ts";
import { command } from "../cluster/command.ts";
import { helm, imageValues, isDisposable, kubectl, makeNamespace } from "./administrator.ts";

export const name = "traintask";
export const namespace = "traintask";

const ours = "traintask.dev/made-by-tests";

/** Installs this chart with these images, or upgrades to them. @throws Error that shows what its pods are waiting for */
export async function install(): Promise<void> {
  await ownNamespace();
  await applyDefinitions();
  // A run that was killed may have left it half installed.
  const pending = await helm(["list", "--pending", "--short", "--namespace", namespace]);
  if (pending.trim() === name) await helm(["uninstall", name, "--namespace", namespace, "--wait"]);
  const options = ["--namespace", namespace, "--wait", "--timeout", "3m", "--values", "-"];
  try {
    await helm(["upgrade", "--install", name, chart, ...options], imageValues());
  } catch (cause) {
    const seen = [["pods"], ["events", "--sort-by=.lastTimestamp"]].map((what) =>
      kubectl("get", ...what, "--namespace", namespace),
    );
    throw new Error(["the release does not get ready", ...seen].join("\n"), { cause });
  }
}

/** @throws Error when the cluster has one that the tests did not make: what is in it, somebody uses */
export async function ownNamespace(): Promise<void> {
  const labels = kubectl("get", "namespace", namespace, "--ignore-not-found", "-o", "jsonpath={.metadata.labels}");
  if (labels !== "" && !labels.includes(ours) && !isDisposable) {
    throw new Error(
      `the namespace "${namespace}" of this cluster was not made by the tests: give them another cluster`,
    );
  }
  await makeNamespace(namespace, { [ours]: "true" });
}

/** By Helm's name, as docs/install.md says. */
export async function applyDefinitions(): Promise<void> {
  const asHelm = ["--server-side", "--field-manager=helm", "--force-conflicts"];
  await command(["kubectl", "apply", ...asHelm, "-f", join(chart, "crds")]);
}
