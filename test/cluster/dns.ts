/**
 * Names of Services, for pods: CoreDNS beside the node, behind the address that the kubelet writes into each pod. It
 * knows the cluster's own names and refuses all others, since no way leads out of the cluster's network.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { succeeds } from "./command.ts";
import { apply } from "./control-plane.ts";
import { addresses, kubeconfigOf, layout } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { start, stop, untilReady } from "./process.ts";
import { tool } from "./tools.ts";

const configFile = join(layout.dns, "Corefile");

export async function startDns(signal: AbortSignal): Promise<void> {
  mkdirSync(dirname(configFile), { recursive: true });
  writeFileSync(configFile, config());
  start("coredns", [tool("dns", "coredns"), "-conf", configFile]);
  await apply([service, endpoints]);
  const lookup = inNetwork(["busybox", "nslookup", "kubernetes.default.svc.cluster.local", addresses.dns]);
  await untilReady("coredns", () => succeeds(lookup), { signal });
}

export const stopDns = (): Promise<void> => stop("coredns");

const config = (): string => `cluster.local:53 {
  bind ${addresses.node}
  errors
  cache 5
  kubernetes cluster.local {
    kubeconfig ${kubeconfigOf("admin")}
    pods insecure
  }
}
`;

const metadata = { name: "kube-dns", namespace: "kube-system" };
const ports = (["UDP", "TCP"] as const).map((protocol) => ({
  name: `dns-${protocol.toLowerCase()}`,
  protocol,
  port: 53,
}));

/** Without a selector: its one endpoint is no pod. */
const service = { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: addresses.dns, ports } };
const endpoints = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { ...metadata, labels: { "kubernetes.io/service-name": metadata.name } },
  addressType: "IPv4",
  endpoints: [{ addresses: [addresses.node], conditions: { ready: true } }],
  ports,
};
