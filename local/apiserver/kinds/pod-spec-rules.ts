/** What a pod's spec must be, in pods and in templates of pods. */
import type { Container, PodSpec } from "../../../kube/objects.ts";
import { parseQuantity } from "../../../traintask/quantity.ts";
import { dnsLabel, validateName } from "../admission/names.ts";
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  notFoundField,
  notSupported,
  required,
  type Cause,
} from "../status.ts";
import type { Unchecked } from "./unchecked.ts";

const restartPolicies = ["Always", "Never", "OnFailure"];
const messagePolicies = ["FallbackToLogsOnError", "File"];
/** In Kubernetes' words. */
const unreadable = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const pullPolicies = ["Always", "IfNotPresent", "Never"];

/** @param path where the spec stands, such as `spec.template.spec` */
export function validatePodSpec(spec: Unchecked<PodSpec> | undefined, path: string): Cause[] {
  const {
    containers = [],
    initContainers = [],
    volumes = [],
    restartPolicy,
    terminationGracePeriodSeconds,
    affinity,
  } = spec ?? {};
  const names = volumes.map(({ name }) => name ?? "");
  return [
    ...named(names, `${path}.volumes`),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...named(
      containers.map(({ name }) => name ?? ""),
      `${path}.containers`,
    ),
    ...containers.flatMap((container, index) => containerCauses(container, `${path}.containers[${index}]`, names)),
    ...initContainers.flatMap((container, index) =>
      containerCauses(container, `${path}.initContainers[${index}]`, names),
    ),
    ...oneOf(restartPolicy, restartPolicies, `${path}.restartPolicy`),
    ...notNegative(terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`),
    ...notHere(affinity, `${path}.affinity`, "it has one node: leave it out, or use nodeSelector"),
  ];
}

/** Refuses what Kubernetes has and this server has not: to take it and do nothing would be a lie. */
export const notHere = (value: unknown, field: string, advice: string): Cause[] =>
  value === undefined ? [] : [forbiddenField(field, `not supported by this local cluster; ${advice}`)];

export const notNegative = (value: number | undefined, field: string): Cause[] =>
  value === undefined || value >= 0 ? [] : [invalidValue(field, value, "must be greater than or equal to 0")];

export const oneOf = (value: string | undefined, allowed: readonly string[], field: string): Cause[] =>
  value === undefined || allowed.includes(value) ? [] : [notSupported(field, value, allowed)];

/** Each item needs a name of its own, a DNS label. */
function named(names: readonly string[], path: string): Cause[] {
  return names.flatMap((name, index) => {
    const field = `${path}[${index}].name`;
    if (name === "") return [required(field)];
    return [
      ...validateName(name, field, dnsLabel),
      ...(names.indexOf(name) < index ? [duplicateValue(field, name)] : []),
    ];
  });
}

function containerCauses(container: Unchecked<Container>, path: string, volumes: readonly string[]): Cause[] {
  const { image = "", env = [], volumeMounts = [], resources = {} } = container;
  const mountPaths = volumeMounts.map(({ mountPath }) => mountPath);
  return [
    ...(image.trim() === "" ? [required(`${path}.image`)] : []),
    ...oneOf(container.terminationMessagePolicy, messagePolicies, `${path}.terminationMessagePolicy`),
    ...oneOf(container.imagePullPolicy, pullPolicies, `${path}.imagePullPolicy`),
    ...env.flatMap(({ name = "" }, index) => (name === "" ? [required(`${path}.env[${index}].name`)] : [])),
    ...volumeMounts.flatMap(({ name = "", mountPath = "" }, index) => {
      const field = `${path}.volumeMounts[${index}]`;
      if (name === "") return [required(`${field}.name`)];
      if (!volumes.includes(name)) return [notFoundField(`${field}.name`, name)];
      if (mountPath === "") return [required(`${field}.mountPath`)];
      return mountPaths.indexOf(mountPath) < index
        ? [invalidValue(`${field}.mountPath`, mountPath, "must be unique")]
        : [];
    }),
    ...resourceCauses(resources, `${path}.resources`),
  ];
}

function resourceCauses(
  { limits = {}, requests = {} }: Unchecked<NonNullable<Container["resources"]>>,
  path: string,
): Cause[] {
  const wrong = [...amountCauses(limits, `${path}.limits`), ...amountCauses(requests, `${path}.requests`)];
  if (wrong.length > 0) return wrong;
  return Object.entries(requests).flatMap(([name, amount]) => {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    if (limit === undefined || (parseQuantity(amount) ?? 0) <= (parseQuantity(limit) ?? 0)) return [];
    return [invalidValue(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}

function amountCauses(amounts: Readonly<Record<string, string>>, path: string): Cause[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const value = parseQuantity(amount);
    if (value !== undefined && value >= 0) return [];
    return [
      invalidValue(`${path}[${name}]`, amount, value === undefined ? unreadable : "must be greater than or equal to 0"),
    ];
  });
}
