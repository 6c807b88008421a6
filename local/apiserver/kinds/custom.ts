/** From a CustomResourceDefinition, as it stands in the chart, to a Kind. */
import { parse } from "yaml";
import type { KubeObject } from "../../../kube/objects.ts";
import { customVerdict } from "../admission/custom.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { compileJsonPath } from "./json-path.ts";
import { kindId, type Column, type Kind } from "./kind.ts";
import { kubernetesSchema } from "./kubernetes.ts";
import { schemaFromOpenApi, type OpenApiSchema } from "./openapi-schema.ts";
import type { Schema } from "./schema.ts";

export interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly plural: string;
      readonly kind: string;
      readonly singular?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly Version[];
  };
}

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: OpenApiSchema };
  readonly subresources?: { readonly status?: object };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
}

interface PrinterColumn {
  readonly name: string;
  readonly type: Column["type"];
  readonly jsonPath: string;
  readonly description?: string;
  readonly format?: string;
  readonly priority?: number;
}

/** @param yaml text of one CustomResourceDefinition */
export const parseDefinition = (yaml: string): Definition => parse(yaml) as Definition;

/**
 * @throws Error that names what of the definition this server does not implement
 */
export function customKind({ spec }: Definition): Kind {
  const [version, ...others] = spec.versions;
  if (version === undefined || others.length > 0) {
    throw new Error(`${spec.names.plural}.${spec.group}: exactly one version is supported here`);
  }
  const { plural, kind, singular = kind.toLowerCase(), shortNames = [], categories = [] } = spec.names;
  const resource = { group: spec.group, version: version.name, plural, kind, namespaced: spec.scope === "Namespaced" };
  const openApi = version.schema.openAPIV3Schema;
  const schema = withObjectFields(schemaFromOpenApi(openApi));
  return {
    resource,
    singular,
    shortNames,
    categories,
    id: kindId(resource),
    schema,
    openApi,
    custom: true,
    hasStatus: version.subresources?.status !== undefined,
    columns: columns(version.additionalPrinterColumns),
    behaviour: { generation: true, versionRequired: true, validate: customVerdict({ schema, openApi }) },
  };
}

/** The schema of a definition says nothing of the fields that every object has. */
function withObjectFields(schema: Schema): Schema {
  const fields: [string, Schema][] = [
    ["apiVersion", { type: "string", native: true }],
    ["kind", { type: "string", native: true }],
    ["metadata", kubernetesSchema("V1ObjectMeta")],
  ];
  return { ...schema, properties: new Map([...(schema.properties ?? []), ...fields]) };
}

function columns(printed: readonly PrinterColumn[] | undefined): readonly Column[] {
  if (printed === undefined || printed.length === 0) return [nameColumn, ageColumn];
  const own = printed.map(({ jsonPath, ...column }): Column => ({
    ...column,
    priority: column.priority ?? 0,
    value: compileJsonPath(jsonPath),
  }));
  return [nameColumn, ...own];
}
