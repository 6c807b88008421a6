/** etcd, the API server, and the two that work through it: the controller manager and the scheduler. */
import { join } from "node:path";
import { certificate } from "./certificates.ts";
import { command, succeeds } from "./command.ts";
import { addresses, kubeconfigOf, layout } from "./layout.ts";
import { inNetwork } from "./network.ts";
import { runs, start, untilReady } from "./process.ts";
import { tool } from "./tools.ts";

/** Starts what does not run yet. The last two follow when the API server has its roles: earlier they exit. */
export async function startControlPlane(signal: AbortSignal): Promise<void> {
  startEtcd();
  startApiServer();
  await untilApiServerIsReady(signal);
  startControllerManager();
  startScheduler();
  const accounts = ["get", "serviceaccount", "default", "--namespace", "default"];
  await untilReady("kube-controller-manager", () => succeeds(kubectl(...accounts)), { signal });
}

const mostStarts = 3;

/** Starts it anew, on what etcd has; and again when it ends before it is ready, as a kubelet does with its container. */
export async function startApiServerAgain(signal: AbortSignal): Promise<void> {
  for (let starts = 1; ; starts++) {
    startApiServer();
    try {
      return await untilApiServerIsReady(signal);
    } catch (error) {
      if (runs("kube-apiserver") || starts === mostStarts) throw error;
    }
  }
}

const untilApiServerIsReady = (signal: AbortSignal): Promise<void> =>
  untilReady("kube-apiserver", () => answers("/readyz"), { signal, timeoutMs: 120_000 });

/** kubectl as the cluster's administrator. */
export const kubectl = (...args: string[]): [string, ...string[]] =>
  inNetwork([tool("kubernetes", "kubectl"), "--kubeconfig", kubeconfigOf("admin"), "--request-timeout=10s", ...args]);

/** Makes the objects, or changes them to what is said here. */
export async function apply(objects: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await command(kubectl("apply", "-f", "-"), { input });
}

const answers = (path: string): Promise<boolean> => succeeds(kubectl("get", "--raw", path));

const etcdUrl = "http://127.0.0.1:2379";

function startEtcd(): void {
  const peers = "http://127.0.0.1:2380";
  start("etcd", [
    tool("etcd", "etcd"),
    `--data-dir=${layout.etcd}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);
}

/**
 * Keeps a book of what service accounts do, those of Kubernetes itself left out: who, which verb, on what, and whether it
 * was allowed. Nothing is rotated away, so that calls can be counted.
 */
const auditFlags = [
  `--audit-policy-file=${join(import.meta.dirname, "audit-policy.json")}`,
  `--audit-log-path=${layout.audit}`,
  "--audit-log-maxsize=10000",
];

function startApiServer(): void {
  start("kube-apiserver", [
    tool("kubernetes", "kube-apiserver"),
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=0.0.0.0",
    `--advertise-address=${addresses.node}`,
    `--tls-cert-file=${certificate("apiserver.crt")}`,
    `--tls-private-key-file=${certificate("apiserver.key")}`,
    `--client-ca-file=${certificate("ca.crt")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${certificate("sa.pub")}`,
    `--service-account-signing-key-file=${certificate("sa.key")}`,
    `--service-cluster-ip-range=${addresses.services}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--kubelet-client-certificate=${certificate("kubelet-client.crt")}`,
    `--kubelet-client-key=${certificate("kubelet-client.key")}`,
    `--kubelet-certificate-authority=${certificate("ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
    ...auditFlags,
    "--allow-privileged=true",
    "--profiling=false",
  ]);
}

/** Kubernetes' own bounds of 20 to 50 requests a second would be the bottleneck of every test. */
const unhurried = ["--kube-api-qps=500", "--kube-api-burst=1000", "--leader-elect=false", "--profiling=false"];

const asUser = (user: "controller-manager" | "scheduler"): string[] => [
  `--kubeconfig=${kubeconfigOf(user)}`,
  `--authentication-kubeconfig=${kubeconfigOf(user)}`,
  `--authorization-kubeconfig=${kubeconfigOf(user)}`,
  "--bind-address=127.0.0.1",
  ...unhurried,
];

function startControllerManager(): void {
  start("kube-controller-manager", [
    tool("kubernetes", "kube-controller-manager"),
    ...asUser("controller-manager"),
    "--use-service-account-credentials",
    `--service-account-private-key-file=${certificate("sa.key")}`,
    `--root-ca-file=${certificate("ca.crt")}`,
    `--cluster-signing-cert-file=${certificate("ca.crt")}`,
    `--cluster-signing-key-file=${certificate("ca.key")}`,
    "--concurrent-job-syncs=20",
  ]);
}

const startScheduler = (): void =>
  start("kube-scheduler", [tool("kubernetes", "kube-scheduler"), ...asUser("scheduler")]);
