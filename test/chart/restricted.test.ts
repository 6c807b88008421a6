import { describe, expect, it } from "vitest";
import type { PodSpec } from "../../kube/objects.ts";
import { violations } from "./restricted.ts";

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
const aPod = (overrides: Partial<PodSpec> = {}): PodSpec => ({
  securityContext: secured,
  containers: [aContainer()],
  volumes: [{ name: "tmp", emptyDir: {} }],
  ...overrides,
});
const withSecurity = (change: Container["securityContext"]): PodSpec =>
  aPod({ containers: [aContainer({ securityContext: { ...aContainer().securityContext, ...change } })] });

const bad: Record<string, PodSpec> = {
  "that shares its node's network": aPod({ hostNetwork: true }),
  "that sees its node's processes": aPod({ hostPID: true }),
  "that may run as root": aPod({ securityContext: { ...secured, runAsNonRoot: false } }),
  "whose user is a name in the image": aPod({
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  }),
  "without a seccomp profile": aPod({ securityContext: { runAsNonRoot: true, runAsUser: 1 } }),
  "with a folder of its node": aPod({ volumes: [{ name: "host", hostPath: { path: "/" } }] }),
  "that is privileged": withSecurity({ privileged: true }),
  "that may gain privileges": withSecurity({ allowPrivilegeEscalation: true }),
  "that keeps its capabilities": withSecurity({ capabilities: {} }),
  "that adds a capability": withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } }),
  "that may write to its root": withSecurity({ readOnlyRootFilesystem: false }),
  "that takes a port of its node": aPod({ containers: [aContainer({ ports: [{ containerPort: 1, hostPort: 1 }] })] }),
  "whose image may be any": aPod({ containers: [aContainer({ image: "localhost:5000/image" })] }),
  "with an init container that may do it all": aPod({ initContainers: [{ name: "init", image: "some/image:1" }] }),
};

describe("the checker of restricted pods", () => {
  it("finds nothing wrong with a restricted pod", () => {
    expect(violations(aPod())).toEqual([]);
  });
  for (const [name, pod] of Object.entries(bad)) {
    it(`finds a pod ${name}`, () => {
      expect(violations(pod)).not.toEqual([]);
    });
  }
});
