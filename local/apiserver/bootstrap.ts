/** What every cluster has from its first moment: a few namespaces, and its custom resource definitions. */
import { timestamp } from "../timestamp.ts";
import { initialNamespaces } from "./kinds/builtin.ts";
import type { Definition } from "./kinds/custom.ts";
import { create, decode, update, type Machine } from "./writes.ts";

export function bootstrap(machine: Machine, definitions: readonly Definition[]): void {
  const namespace = machine.kinds.byId("namespaces");
  for (const name of initialNamespaces) {
    if (machine.store.get(namespace.id, name) !== undefined) continue;
    create(machine, namespace, { object: decode(namespace, { metadata: { name } }).object });
  }
  const kind = machine.kinds.byId("customresourcedefinitions.apiextensions.k8s.io");
  for (const definition of definitions) {
    const old = machine.store.get(kind.id, definition.metadata?.name ?? "") as { status?: object } | undefined;
    const status = old?.status ?? established(definition, machine.clock.now());
    const { object } = decode(kind, { ...definition, status });
    (old === undefined ? create : update)(machine, kind, { object });
  }
}

function established({ spec }: Definition, now: number): object {
  const { plural, kind } = spec.names;
  const condition = (type: string, reason: string): object => ({
    type,
    status: "True",
    reason,
    message: "",
    lastTransitionTime: timestamp(now),
  });
  return {
    acceptedNames: { ...spec.names, singular: spec.names.singular ?? kind.toLowerCase(), plural },
    storedVersions: spec.versions.map(({ name }) => name),
    conditions: [condition("NamesAccepted", "NoConflicts"), condition("Established", "InitialNamesAccepted")],
  };
}
