/** Pods that the standard refuses or admits, each for one reason, for the checker and for a real API server. */
import type { PodSpec } from "../../kube/objects.ts";

type Container = PodSpec["containers"][number];

const aContainer = (overrides: Partial<Container> = {}): Container => ({
  name: "main",
  image: "some/image:1",
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  ...overrides,
});

const secured = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
export const aPod = (overrides: Partial<PodSpec> = {}): PodSpec => ({
  securityContext: secured,
  containers: [aContainer()],
  volumes: [{ name: "tmp", emptyDir: {} }],
  ...overrides,
});
const withSecurity = (change: Container["securityContext"]): PodSpec =>
  aPod({ containers: [aContainer({ securityContext: { ...aContainer().securityContext, ...change } })] });

const inPod = (change: PodSpec["securityContext"]): PodSpec => aPod({ securityContext: { ...secured, ...change } });
const unsecured = { name: "other", image: "some/image:1" };

export const bad: Record<string, PodSpec> = {
  "that shares its node's network": aPod({ hostNetwork: true }),
  "that sees its node's processes": aPod({ hostPID: true }),
  "that shares its node's memory": aPod({ hostIPC: true }),
  "that may run as root": inPod({ runAsNonRoot: false }),
  "that runs as user 0": inPod({ runAsUser: 0 }),
  "that nobody keeps from running as root": aPod({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
  "without a seccomp profile": aPod({ securityContext: { runAsNonRoot: true, runAsUser: 1 } }),
  "whose seccomp profile confines nothing": inPod({ seccompProfile: { type: "Unconfined" } }),
  "whose AppArmor profile confines nothing": inPod({ appArmorProfile: { type: "Unconfined" } }),
  "with an SELinux type that is not a container's": inPod({ seLinuxOptions: { type: "spc_t" } }),
  "with an SELinux user": inPod({ seLinuxOptions: { user: "system_u" } }),
  "with an SELinux role": inPod({ seLinuxOptions: { role: "system_r" } }),
  "that is a process of a Windows host": inPod({ windowsOptions: { hostProcess: true } }),
  "with a sysctl of its node": inPod({ sysctls: [{ name: "kernel.msgmax", value: "1" }] }),
  "with a folder of its node": aPod({ volumes: [{ name: "host", hostPath: { path: "/" } }] }),
  "with a disk of a cloud": aPod({ volumes: [{ name: "disk", nfs: { path: "/", server: "x" } }] }),
  "that is privileged": withSecurity({ privileged: true }),
  "that may gain privileges": withSecurity({ allowPrivilegeEscalation: true }),
  "that does not say that it gains none": aPod({
    containers: [aContainer({ securityContext: { capabilities: { drop: ["ALL"] } } })],
  }),
  "that keeps its capabilities": withSecurity({ capabilities: {} }),
  "that adds a capability": withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } }),
  "that sees all of /proc": withSecurity({ procMount: "Unmasked" }),
  "whose container may run as root": withSecurity({ runAsNonRoot: false }),
  "whose container runs as user 0": withSecurity({ runAsUser: 0 }),
  "whose container has no seccomp profile": withSecurity({ seccompProfile: { type: "Unconfined" } }),
  "whose container has no AppArmor profile": withSecurity({ appArmorProfile: { type: "Unconfined" } }),
  "whose container has an SELinux type": withSecurity({ seLinuxOptions: { type: "spc_t" } }),
  "whose container is a process of a Windows host": withSecurity({ windowsOptions: { hostProcess: true } }),
  "that takes a port of its node": aPod({ containers: [aContainer({ ports: [{ containerPort: 1, hostPort: 1 }] })] }),
  "with a probe of another host": aPod({
    containers: [aContainer({ livenessProbe: { httpGet: { host: "169.254.169.254", port: 80 } } })],
  }),
  "with a hook that asks another host": aPod({
    containers: [aContainer({ lifecycle: { preStop: { tcpSocket: { host: "10.0.0.1", port: 80 } } } })],
  }),
  "with an init container that may do it all": aPod({ initContainers: [unsecured] }),
  "with an ephemeral container that may do it all": aPod({ ephemeralContainers: [unsecured] }),
};

export const good: Record<string, PodSpec> = {
  "as we make it": aPod(),
  "whose container alone is secured": aPod({
    securityContext: {},
    containers: [aContainer({ securityContext: { ...aContainer().securityContext, ...secured } })],
  }),
  "with a safe sysctl": inPod({ sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] }),
  "with a container's SELinux type": inPod({ seLinuxOptions: { type: "container_t" } }),
  "that serves a low port": withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
  "without a user of its own": aPod({
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  }),
};

export const lax: Record<string, PodSpec> = {
  "whose user is a name in the image": aPod({
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  }),
  "that may write to its root": withSecurity({ readOnlyRootFilesystem: false }),
  "whose image may be any": aPod({ containers: [aContainer({ image: "localhost:5000/image" })] }),
};
