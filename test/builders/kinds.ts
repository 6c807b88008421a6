/** Kinds of Kubernetes that only tests ask for. */
import type { Resource } from "../../kube/objects.ts";

export const serviceAccounts: Resource = {
  group: "",
  version: "v1",
  plural: "serviceaccounts",
  kind: "ServiceAccount",
  namespaced: true,
};
