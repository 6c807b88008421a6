/**
 * An independent reading of Kubernetes' Pod Security Standard "restricted", control by control as its page lists them,
 * and of what we ask beyond it.
 */
import type { Container, PodSpec } from "../../kube/objects.ts";

type Ephemeral = NonNullable<PodSpec["ephemeralContainers"]>[number];
type AnyContainer = Container | Ephemeral;
/** What pods and containers may both say. */
type Security = NonNullable<PodSpec["securityContext"]> & NonNullable<Container["securityContext"]>;
type Annotations = Readonly<Record<string, string>>;

const volumeKinds = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_syncookies",
]);
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const confining = ["RuntimeDefault", "Localhost"];
const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

/** What is wrong with a pod by the standard; empty if nothing is. */
export function violations(pod: PodSpec, annotations: Annotations = {}): string[] {
  const security = pod.securityContext ?? {};
  const containers = containersOf(pod);
  return [
    ...said({
      "shares a namespace with its node": pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true,
      "sets a sysctl that is not safe": (security.sysctls ?? []).some(({ name }) => !safeSysctls.has(name)),
      "has an AppArmor annotation that confines nothing": Object.entries(annotations).some(
        ([name, value]) => name.startsWith(appArmorAnnotation) && !/^(runtime\/default|localhost\/.*)$/.test(value),
      ),
      ...ofSecurity(security),
    }),
    ...(pod.volumes ?? []).flatMap(({ name, ...source }) =>
      Object.keys(source).flatMap((kind) => (volumeKinds.has(kind) ? [] : [`volume ${name} is a ${kind}`])),
    ),
    ...containers.flatMap((container) =>
      ofContainer(container, security).map((what) => `container ${container.name} ${what}`),
    ),
  ];
}

/** What we ask beyond the standard; empty if nothing is wrong. */
export function laxities(pod: PodSpec): string[] {
  return [
    ...said({ "has no numeric user": (pod.securityContext?.runAsUser ?? 0) <= 0 }),
    ...containersOf(pod).flatMap(({ name, image, securityContext }) =>
      said({
        "may write to its root file system": securityContext?.readOnlyRootFilesystem !== true,
        "has an image without tag or digest": !/[:@][^/]+$/.test(image ?? ""),
      }).map((what) => `container ${name} ${what}`),
    ),
  ];
}

function containersOf({ containers, initContainers = [], ephemeralContainers = [] }: PodSpec): AnyContainer[] {
  return [...containers, ...initContainers, ...ephemeralContainers];
}

const said = (wrong: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(wrong).flatMap(([what, holds]) => (holds ? [what] : []));

/** Controls of pods and of containers alike. */
function ofSecurity(security: Partial<Security>): Record<string, boolean> {
  const { seLinuxOptions = {}, windowsOptions, appArmorProfile, seccompProfile } = security;
  const { type = "", user = "", role = "" } = seLinuxOptions;
  return {
    "runs as a process of a Windows host": windowsOptions?.hostProcess === true,
    "has an SELinux type, user or role of its own": !seLinuxTypes.includes(type) || user !== "" || role !== "",
    "has no AppArmor profile": appArmorProfile !== undefined && !confining.includes(appArmorProfile.type),
    "has no seccomp profile": seccompProfile !== undefined && !confining.includes(seccompProfile.type),
    "runs as user 0": security.runAsUser === 0,
    "may run as root": security.runAsNonRoot === false,
  };
}

function ofContainer(container: AnyContainer, pod: Partial<Security>): string[] {
  const { securityContext: own = {}, ports = [] } = container;
  return said({
    ...ofSecurity(own),
    "is privileged": own.privileged === true,
    "may gain privileges": own.allowPrivilegeEscalation !== false,
    "keeps capabilities": own.capabilities?.drop?.includes("ALL") !== true,
    "adds capabilities": (own.capabilities?.add ?? []).some((name) => name !== "NET_BIND_SERVICE"),
    "sees all of /proc": (own.procMount ?? "Default") !== "Default",
    "takes a port of its node": ports.some(({ hostPort = 0 }) => hostPort !== 0),
    "has a probe or hook that asks another host": hosts(container).some((host) => host !== ""),
    "nobody says that it is not root": (own.runAsNonRoot ?? pod.runAsNonRoot) !== true,
    "nobody gives it a seccomp profile": (own.seccompProfile ?? pod.seccompProfile) === undefined,
  });
}

/** The hosts that probes and hooks name. */
function hosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) => [handler?.httpGet?.host ?? "", handler?.tcpSocket?.host ?? ""]);
}
