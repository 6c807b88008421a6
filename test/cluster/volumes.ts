/**
 * Volumes that claims without a storage class are bound to: folders of this machine, there from the start since nothing
 * makes them on demand. Unlike `hostPath`, the kind `local` gives a pod's group its files, as a real disk does.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.ts";
import { apply, kubectl } from "./control-plane.ts";
import { layout, nodeName } from "./layout.ts";

const names = Array.from({ length: 20 }, (_, index) => `volume-${index + 1}`);

/** Makes those that are missing, and makes anew, empty, those that were in use and are not any more. */
export async function makeVolumes(): Promise<void> {
  const path = "jsonpath={.items[?(@.status.phase=='Released')].metadata.name}";
  const released = (await command(kubectl("get", "persistentvolumes", "-o", path))).split(" ").filter(Boolean);
  const ours = released.filter((name) => names.includes(name));
  if (ours.length > 0) await command(kubectl("delete", "persistentvolume", ...ours));
  for (const name of ours) rmSync(join(layout.volumes, name), { recursive: true, force: true });
  for (const name of names) {
    const folder = join(layout.volumes, name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o770);
  }
  await apply(names.map(aVolume));
}

function aVolume(name: string): object {
  const here = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [nodeName] }] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: "20Gi" },
      accessModes: ["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany"],
      persistentVolumeReclaimPolicy: "Retain",
      local: { path: join(layout.volumes, name) },
      nodeAffinity: { required: { nodeSelectorTerms: [here] } },
    },
  };
}
