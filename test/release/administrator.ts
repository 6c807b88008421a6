/** What the administrator of a real cluster does to it: kubectl, Helm, namespaces; and whether that can be done here. */
import { execFileSync, spawnSync } from "node:child_process";
import { systemClock as clock } from "../../kube/clock.ts";
import { command } from "../cluster/command.ts";

const { TRAINTASK_IMAGE: image = "", TRAINTASK_TRAINER_IMAGE: trainerImage = "" } = process.env;

const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;
const missing = [
  ...(runs("helm", "version") && runs("kubectl", "version", "--client") ? [] : ["helm and kubectl on the PATH"]),
  ...(image !== "" && trainerImage !== "" ? [] : ["TRAINTASK_IMAGE and TRAINTASK_TRAINER_IMAGE"]),
  ...(process.env["TRAINTASK_NO_KUBELET"] === undefined ? [] : ["a node that runs containers"]),
];
/** For describe.skipIf, and for the name of what is then skipped. */
export const cannotInstall = missing.length > 0;
export const unlessInstallable = cannotInstall ? ` (skipped: needs ${missing.join(" and ")})` : "";

/** Whether the cluster was made for the tests, so that nobody's tasks are in it. */
export const isDisposable = process.env["TRAINTASK_DISPOSABLE_CLUSTER"] !== undefined;

export const unlessDisposable = isDisposable ? unlessInstallable : " (skipped: needs a cluster made for the tests)";

/** Values that name the images; everything else is the chart's default. */
export function imageValues(): { image: object; trainerImage: object } {
  const parts = (whole: string): object => ({
    repository: whole.replace(/:[^:/]*$/, ""),
    tag: /:([^:/]*)$/.exec(whole)?.[1] ?? "",
  });
  return { image: parts(image), trainerImage: parts(trainerImage) };
}

/** Nothing else happens meanwhile, so nothing that takes long. @returns what it printed */
export function kubectl(...args: string[]): string {
  return execFileSync("kubectl", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
  }).trim();
}

/** @param values for `--values -`. @returns what it printed */
export const helm = (args: readonly string[], values: object = {}): Promise<string> =>
  command(["helm", ...args], { input: JSON.stringify(values), timeoutMs: 240_000 });

/** @param manifest an object or YAML */
export async function apply(manifest: object | string): Promise<void> {
  const input = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  await command(["kubectl", "apply", "-f", "-"], { input });
}

/** Makes a namespace that takes restricted pods alone, unless it is there. */
export async function makeNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
  const enforced = { ...labels, "pod-security.kubernetes.io/enforce": "restricted" };
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: enforced } });
  // Pods need the account that Kubernetes makes for each namespace.
  await eventually(`the account of namespace ${name}`, () =>
    runs("kubectl", "get", "serviceaccount", "default", "--namespace", name) ? true : undefined,
  );
}

/** Asks again and again until there is an answer. @throws Error after three minutes */
export async function eventually<T>(awaited: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const until = clock.monotonic() + 180_000; clock.monotonic() < until; await clock.sleep(200)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`waited three minutes in vain until ${awaited}`);
}
