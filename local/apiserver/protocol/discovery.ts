/**
 * What the server has, for clients that ask before they speak: groups, versions, and the resources of each. This is
 * the older form of discovery, which every client falls back to.
 */
import type { Kind } from "../kinds/kind.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { Kinds } from "../kinds/kinds.ts";
import { reviewKinds } from "./reviews.ts";

/** A resource as discovery lists it. */
interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** Kubernetes' release whose behaviour this server imitates. */
export const version = { major: "1", minor: "37", gitVersion: "v1.37.2+local", platform: "local" };

/** @returns the document at a path, undefined where there is none */
export function discoveryDocument(segments: readonly string[], kinds: Kinds): object | undefined {
  const [root, group, groupVersion, ...rest] = segments;
  if (root === "version" && group === undefined) return version;
  if (root === "api") return rest.length > 0 || groupVersion !== undefined ? undefined : coreDocument(group, kinds);
  if (root !== "apis" || rest.length > 0) return undefined;
  const groups = groupVersions(kinds).filter(({ name }) => name !== "");
  if (group === undefined) return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupDocument) };
  const found = groups.find(({ name }) => name === group);
  if (found === undefined) return undefined;
  if (groupVersion === undefined) return { kind: "APIGroup", apiVersion: "v1", ...groupDocument(found) };
  return found.version === groupVersion ? resourceList(found, kinds) : undefined;
}

function coreDocument(coreVersion: string | undefined, kinds: Kinds): object | undefined {
  if (coreVersion === undefined) {
    return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  }
  return coreVersion === "v1" ? resourceList({ name: "", version: "v1" }, kinds) : undefined;
}

interface Group {
  readonly name: string;
  readonly version: string;
}

/** Every group with its one version. */
export function groupVersions(kinds: Kinds): Group[] {
  const versions = new Map<string, string>(reviewKinds.map(({ group }) => [group, "v1"]));
  for (const { resource } of kinds.all) versions.set(resource.group, resource.version);
  return [...versions].map(([name, groupVersion]) => ({ name, version: groupVersion }));
}

function groupDocument({ name, version: only }: Group): object {
  const preferred = { groupVersion: `${name}/${only}`, version: only };
  return { name, versions: [preferred], preferredVersion: preferred };
}

function resourceList({ name, version: only }: Group, kinds: Kinds): object {
  const own = kinds.all.filter(({ resource }) => resource.group === name && resource.version === only);
  const reviews = reviewKinds.filter(({ group }) => group === name);
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group: name, version: only }),
    resources: [
      ...own.flatMap(kindResources),
      ...reviews.map(({ plural, kind }) => resource({ name: plural, namespaced: false, kind, verbs: ["create"] })),
    ],
  };
}

const resource = (fields: Omit<ApiResource, "singularName"> & { singularName?: string }): ApiResource => ({
  singularName: "",
  ...fields,
});

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const readVerbs = ["get", "list", "watch"];

function kindResources(kind: Kind): ApiResource[] {
  const { plural, namespaced, kind: name } = kind.resource;
  const { shortNames, categories } = kind;
  const part = (sub: string, partKind: string, partVerbs: readonly string[]): ApiResource =>
    resource({ name: `${plural}/${sub}`, namespaced, kind: partKind, verbs: partVerbs });
  return [
    resource({
      name: plural,
      singularName: kind.singular,
      namespaced,
      kind: name,
      verbs: kind.behaviour.readOnly === true ? readVerbs : verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    }),
    ...(kind.hasStatus ? [part("status", name, ["get", "patch", "update"])] : []),
    ...(kind.id === "pods" ? [part("log", "Pod", ["get"])] : []),
    ...(kind.id === "serviceaccounts" ? [part("token", "TokenRequest", ["create"])] : []),
  ];
}
