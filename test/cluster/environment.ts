/** What a program is told, by its environment, that runs beside the cluster: a person's kubectl, and the tests. */
import { shellImage } from "./images.ts";
import { kubeconfigOf, layout, type ClusterSize } from "./layout.ts";
import { imagesOnNode } from "./release-images.ts";
import { pathWithClients } from "./tools.ts";

export const environment = (size: ClusterSize): Record<string, string> => ({
  KUBECONFIG: kubeconfigOf("admin"),
  PATH: pathWithClients(),
  TRAINTASK_SHELL_IMAGE: shellImage,
  TRAINTASK_AUDIT_LOG: layout.audit,
  // The program stands in the cluster's network, where the addresses of Services and pods can be reached.
  TRAINTASK_IN_NETWORK: "1",
  TRAINTASK_DISPOSABLE_CLUSTER: "1",
  ...(size === "node" ? imagesOnNode() : { TRAINTASK_NO_KUBELET: "1" }),
});
