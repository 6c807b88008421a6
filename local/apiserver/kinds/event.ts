/** Events: notes about objects, in the namespace of the object that they are about. */
import type { Event, KubeObject } from "../../../kube/objects.ts";
import { invalidValue, type Cause } from "../status.ts";
import type { Behaviour } from "./kind.ts";

const involved =
  (key: "kind" | "name" | "namespace" | "uid" | "apiVersion" | "resourceVersion" | "fieldPath") =>
  (object: KubeObject): string =>
    (object as Event).involvedObject?.[key] ?? "";

export const eventBehaviour: Behaviour = {
  createOnUpdate: true,
  validate(object): readonly Cause[] {
    const { involvedObject, metadata } = object as Event;
    const about = involvedObject?.namespace ?? "";
    // Events about cluster-scoped objects live in the default namespace.
    if (about === (metadata.namespace ?? "") || (about === "" && metadata.namespace === "default")) return [];
    return [invalidValue("involvedObject.namespace", about, "does not match event.namespace")];
  },
  selectable: {
    "involvedObject.kind": involved("kind"),
    "involvedObject.name": involved("name"),
    "involvedObject.namespace": involved("namespace"),
    "involvedObject.uid": involved("uid"),
    "involvedObject.apiVersion": involved("apiVersion"),
    "involvedObject.resourceVersion": involved("resourceVersion"),
    "involvedObject.fieldPath": involved("fieldPath"),
    reason: (object) => (object as Event).reason ?? "",
    type: (object) => (object as Event).type ?? "",
    reportingComponent: (object) => (object as Event).reportingComponent ?? "",
    source: (object) => (object as Event).source?.component ?? "",
  },
};
