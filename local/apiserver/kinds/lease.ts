/** Leases: who leads, and since when. Two candidates meet at the resourceVersion, so an update must name it. */
import type { KubeObject, Lease } from "../../../kube/objects.ts";
import { invalidValue, type Cause } from "../status.ts";
import type { Behaviour } from "./kind.ts";

export const leaseBehaviour: Behaviour = {
  createOnUpdate: true,
  versionRequired: true,
  validate(object: KubeObject): readonly Cause[] {
    const { leaseDurationSeconds, leaseTransitions } = (object as Lease).spec ?? {};
    return [
      ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
        ? [invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0")]
        : []),
      ...(leaseTransitions !== undefined && leaseTransitions < 0
        ? [invalidValue("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0")]
        : []),
    ];
  },
};
