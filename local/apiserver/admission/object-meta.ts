/** What every object's metadata must be, when it is new and when it changes. */
import type { KubeObject, OwnerReference } from "../../../kube/objects.ts";
import { forbiddenField, invalidValue, required, type Cause } from "../status.ts";
import {
  dnsLabel,
  dnsSubdomain,
  faults,
  keyFaults,
  validateAnnotations,
  validateLabels,
  validateName,
} from "./names.ts";

/** How an object may be called. */
export type NameRule = "label" | "subdomain" | "segment";

export function validateMetadata(object: KubeObject, rule: NameRule): Cause[] {
  const { name = "", generateName, labels, annotations, finalizers = [], ownerReferences = [] } = object.metadata ?? {};
  return [
    ...(generateName === undefined ? [] : nameCauses(generateName, "metadata.generateName", rule)),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : nameCauses(name, "metadata.name", rule)),
    ...validateLabels(labels, "metadata.labels"),
    ...validateAnnotations(annotations, "metadata.annotations"),
    ...ownerCauses(ownerReferences),
    ...finalizers.flatMap((finalizer) =>
      keyFaults(finalizer).map((why) => invalidValue("metadata.finalizers", finalizer, why)),
    ),
  ];
}

function nameCauses(name: string, field: string, rule: NameRule): Cause[] {
  if (rule === "segment") {
    return name === "." || name === ".." || /[/%]/.test(name)
      ? [invalidValue(field, name, "may not be '.' or '..', nor contain '/' or '%'")]
      : [];
  }
  const syntax = rule === "label" ? dnsLabel : dnsSubdomain;
  // A generateName is only the beginning of a name: it may end with a dash.
  const whole = field === "metadata.generateName" ? name.replace(/-$/, "a") : name;
  return whole === name
    ? validateName(name, field, syntax)
    : faults(whole, syntax).map((why) => invalidValue(field, name, why));
}

function ownerCauses(owners: readonly OwnerReference[]): Cause[] {
  const causes = owners.flatMap((owner) =>
    (["apiVersion", "kind", "name", "uid"] as const)
      .filter((key) => (owner[key] ?? "") === "")
      .map((key) => invalidValue(`metadata.ownerReferences.${key}`, owner[key] ?? "", "must not be empty")),
  );
  if (owners.filter(({ controller }) => controller === true).length > 1) {
    causes.push(
      invalidValue("metadata.ownerReferences", owners.length, "Only one reference can have Controller set to true"),
    );
  }
  return causes;
}

/** What a change of metadata may not do. Fields that only the server sets have been put back before. */
export function validateMetadataUpdate(object: KubeObject, old: KubeObject): Cause[] {
  const before = new Set(old.metadata?.finalizers);
  const added = (object.metadata?.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (old.metadata?.deletionTimestamp === undefined || added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  return [
    forbiddenField(
      "metadata.finalizers",
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
    ),
  ];
}
