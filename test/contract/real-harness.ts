/**
 * The suite's harness over a cluster that is already there. What the suite makes bears a name of this run, so that
 * several runs share a cluster, and is deleted at the end; definitions of kinds stay.
 */
import { randomBytes } from "node:crypto";
import { parse } from "yaml";
import { clusterConfig } from "../../kube/config.ts";
import type { KubeClient } from "../../kube/client.ts";
import { AlreadyExistsError } from "../../kube/errors.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { type CustomResourceDefinition, namespaces, type Resource } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import { serviceAccounts } from "../builders/kinds.ts";
import { eventually } from "./ask.ts";
import type { Harness } from "./harness.ts";
import { widgetDefinition, widgets } from "./widgets.ts";

export interface RealCluster {
  readonly harness: Harness;
  /** Brings a definition in, unless it is there, and returns once the server serves its kind. */
  serve(definition: string, resource: Resource): Promise<void>;
  /** Deletes the namespaces of this run, without waiting for it, and hangs up. */
  leave(): Promise<void>;
}

const definitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

/** @param options `shellImage` must have a `sh`, and may be pulled or be there already */
export async function joinRealCluster(options: {
  kubeconfig: string | undefined;
  shellImage: string;
}): Promise<RealCluster> {
  const { kubeconfig, shellImage } = options;
  const config = await clusterConfig(kubeconfig === undefined ? {} : { kubeconfig });
  const transport = httpsTransport({ ...config, maxSockets: 32, maxStreams: 256 });
  const client = restClient(transport);
  const serve = serving(client);
  await serve(widgetDefinition, widgets);
  const run = randomBytes(3).toString("hex");
  const made: string[] = [];
  const harness: Harness = {
    client,
    transport,
    async namespace() {
      const name = `contract-${run}-${made.length + 1}`;
      made.push(name);
      await client.create(namespaces, { metadata: { name } });
      await eventually(() => client.get(serviceAccounts, { namespace: name, name: "default" }));
      return name;
    },
    container: (script) => ({ name: "main", image: shellImage, command: ["sh", "-c", script] }),
  };
  return {
    harness,
    serve,
    async leave() {
      await Promise.allSettled(made.map((name) => client.delete(namespaces, { name })));
      await transport.close();
    },
  };
}

const serving =
  (client: KubeClient): RealCluster["serve"] =>
  async (definition, resource) => {
    try {
      await client.create(definitions, parse(definition) as CustomResourceDefinition);
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
    await eventually(() => client.list(resource));
  };
