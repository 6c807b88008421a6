/** The kubeconfig that leads kubectl to the local cluster. The address in it is a secret: only its owner reads it. */
import { renameSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";

const name = "traintask-local";

/** @param path of the file, which is replaced whole, mode 0600 */
export function writeKubeconfig(path: string, url: string): void {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
  };
  const temporary = `${path}.new`;
  writeFileSync(temporary, stringify(config), { mode: 0o600 });
  renameSync(temporary, path);
}
