/** One real node: containerd, the kubelet, kube-proxy for the addresses of Services, CoreDNS for their names. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificate } from "./certificates.ts";
import { cgroupRoot, makeCgroups } from "./cgroups.ts";
import { command } from "./command.ts";
import { startContainerd, stopContainerd } from "./containerd.ts";
import { kubectl } from "./control-plane.ts";
import { startDns, stopDns } from "./dns.ts";
import { makeImages } from "./images.ts";
import { addresses, kubeconfigOf, layout, nodeName } from "./layout.ts";
import { start, stop, untilReady } from "./process.ts";
import { tool } from "./tools.ts";

export async function startNode(signal: AbortSignal): Promise<void> {
  makeCgroups();
  await startContainerd(await makeImages(), signal);
  startKubelet();
  startProxy();
  await Promise.all([startDns(signal), untilReady("kubelet", isReady, { signal })]);
}

/** Starts it anew, beside the containers that run. */
export async function startKubeletAgain(signal: AbortSignal): Promise<void> {
  startKubelet();
  await untilReady("kubelet", isReady, { signal });
}

/** Pods are not asked to end: the node goes, and the cluster with it. */
export async function stopNode(): Promise<void> {
  await stopDns();
  await stop("kube-proxy");
  await stop("kubelet", 5_000);
  await stopContainerd();
}

function startKubelet(): void {
  mkdirSync(layout.kubelet, { recursive: true });
  const config = join(layout.kubelet, "config.json");
  writeFileSync(config, JSON.stringify(kubeletConfig));
  start("kubelet", [
    tool("kubernetes", "kubelet"),
    `--config=${config}`,
    `--kubeconfig=${kubeconfigOf("node")}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${addresses.node}`,
    `--root-dir=${layout.kubelet}`,
    `--cert-dir=${join(layout.kubelet, "pki")}`,
  ]);
}

const kubeletConfig = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  failCgroupV1: false,
  failSwapOn: false,
  cgroupDriver: "cgroupfs",
  cgroupRoot,
  containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: certificate("ca.crt") },
  },
  authorization: { mode: "Webhook" },
  tlsCertFile: certificate("kubelet.crt"),
  tlsPrivateKeyFile: certificate("kubelet.key"),
  clusterDomain: "cluster.local",
  clusterDNS: [addresses.dns],
  resolvConf: "",
  readOnlyPort: 0,
  // The others need rights that a virtual machine may lack.
  oomScoreAdj: 0,
  maxPods: 110,
  // A test machine's disk may be as full as it likes, and its few images stay.
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: {
    "memory.available": "100Mi",
    "nodefs.available": "1%",
    "imagefs.available": "1%",
    "nodefs.inodesFree": "1%",
    "imagefs.inodesFree": "1%",
  },
  podLogsDir: layout.podLogs,
  volumePluginDir: join(layout.kubelet, "volume-plugins"),
};

function startProxy(): void {
  const config = join(layout.kubelet, "proxy.json");
  const nothing = { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" };
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: kubeconfigOf("proxy") },
      mode: "nftables",
      hostnameOverride: nodeName,
      clusterCIDR: addresses.pods,
      healthzBindAddress: "127.0.0.1:10256",
      metricsBindAddress: "127.0.0.1:10249",
      oomScoreAdj: 0,
      conntrack: nothing,
    }),
  );
  start("kube-proxy", [tool("kubernetes", "kube-proxy"), `--config=${config}`]);
}

async function isReady(): Promise<boolean> {
  const path = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
  const nodes = await command(kubectl("get", "node", nodeName, "--ignore-not-found", "-o", path));
  return nodes === "True";
}
