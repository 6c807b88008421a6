/**
 * What the contract suite needs of a cluster. The suite states how Kubernetes behaves; it runs on the local cluster
 * and, unchanged, on a real one. Cases share the cluster and nothing else: each works in a namespace of its own.
 */
import type { KubeClient } from "../../kube/client.ts";
import type { Container } from "../../kube/objects.ts";
import type { Transport } from "../../kube/transport.ts";

export interface Harness {
  /** Whether it is the local cluster, which differs where differences.ts says so. */
  readonly local?: true;
  readonly client: KubeClient;
  /** For what the client does not say: other media types, parameters that it never sends. */
  readonly transport: Transport;
  /** A new namespace for one case, ready for use: its default service account is there. */
  readonly namespace: () => Promise<string>;
  /** A container that runs a shell script; for cases about Jobs and pods, which need a kubelet. */
  readonly container: (script: string) => Container;
}

/** The harness of a run, there once its cluster has started. */
export type HarnessOf = () => Harness;
