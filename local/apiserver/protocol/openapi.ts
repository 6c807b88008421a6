/**
 * The OpenAPI v3 documents, one for each group and version. kubectl reads in them that a PATCH takes
 * `fieldValidation` (else apply falls back to a format that this server does not speak) and what `explain` prints.
 */
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import type { Schema } from "../kinds/schema.ts";
import { groupVersions, version } from "./discovery.ts";

const pathOf = ({ name, version: only }: { name: string; version: string }): string =>
  name === "" ? `api/${only}` : `apis/${name}/${only}`;

/** @returns the document at a path below /openapi/v3, undefined where there is none */
export function openApiDocument(segments: readonly string[], kinds: Kinds): object | undefined {
  const [root, major, ...rest] = segments;
  if (root !== "openapi" || major !== "v3") return undefined;
  const groups = groupVersions(kinds);
  if (rest.length === 0) {
    const entries = groups.map((group) => [pathOf(group), { serverRelativeURL: `/openapi/v3/${pathOf(group)}` }]);
    return { paths: Object.fromEntries(entries) as object };
  }
  const group = groups.find((each) => pathOf(each) === rest.join("/"));
  if (group === undefined) return undefined;
  const own = kinds.all.filter(({ resource }) => resource.group === group.name);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: version.gitVersion },
    paths: Object.fromEntries(own.map((kind) => [objectPath(kind), { patch: patchOperation(kind) }])),
    components: { schemas: Object.fromEntries(own.map((kind) => [componentName(kind), component(kind)])) },
  };
}

const componentName = ({ resource: { group, version: only, kind } }: Kind): string =>
  [...(group === "" ? ["core"] : group.split(".").toReversed()), only, kind].join(".");

function objectPath({ resource }: Kind): string {
  const place = resource.namespaced ? "namespaces/{namespace}/" : "";
  return `/${pathOf({ name: resource.group, version: resource.version })}/${place}${resource.plural}/{name}`;
}

const groupVersionKind = ({ resource: { group, version: only, kind } }: Kind): object => ({
  group,
  version: only,
  kind,
});

function patchOperation(kind: Kind): object {
  const parameter = (name: string): object => ({ name, in: "query", schema: { type: "string", uniqueItems: true } });
  return {
    operationId: `patch${apiVersionOf(kind.resource)}${kind.resource.kind}`.replaceAll(/[^A-Za-z0-9]/g, ""),
    parameters: ["dryRun", "fieldManager", "fieldValidation"].map(parameter),
    responses: { "200": { description: "OK" } },
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": groupVersionKind(kind),
  };
}

const component = (kind: Kind): object => ({
  ...describe(kind.schema, 0),
  "x-kubernetes-group-version-kind": [groupVersionKind(kind)],
});

/** Levels of Kubernetes' own types that are written out; these types contain each other without end. */
const depth = 12;

function describe(schema: Schema, level: number): object {
  const { type, format, description, properties, values, items, intOrString } = schema;
  if (intOrString === true)
    return { "x-kubernetes-int-or-string": true, ...(description === undefined ? {} : { description }) };
  const fields =
    properties === undefined || level >= depth
      ? undefined
      : Object.fromEntries([...properties].map(([name, property]) => [name, describe(property, level + 1)]));
  return {
    ...(type === undefined ? {} : { type }),
    ...(format === undefined ? {} : { format }),
    ...(description === undefined ? {} : { description }),
    ...(fields === undefined ? {} : { properties: fields }),
    ...(values === undefined ? {} : { additionalProperties: describe(values, level + 1) }),
    ...(items === undefined ? {} : { items: describe(items, level + 1) }),
  };
}
