/**
 * The downward API: what a pod may be told about itself, by environment (`valueFrom`) or by file.
 */
import type { Container, Pod } from "../../kube/objects.ts";
import { parseQuantity } from "../../traintask/quantity.ts";

/** The pod asks for something that it cannot be given; the container waits and says why. */
export class ContainerConfigError extends Error {
  override readonly name = "ContainerConfigError";
}

/** @throws ContainerConfigError for a field that is not supported */
export function readField(pod: Pod, fieldPath: string): string {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (keyed !== null) return metadata?.[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  switch (fieldPath) {
    case "metadata.name":
      return metadata?.name ?? "";
    case "metadata.namespace":
      return metadata?.namespace ?? "";
    case "metadata.uid":
      return metadata?.uid ?? "";
    case "metadata.labels":
      return properties(metadata?.labels);
    case "metadata.annotations":
      return properties(metadata?.annotations);
    case "spec.nodeName":
      return spec?.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec?.serviceAccountName ?? "default";
    case "status.podIP":
    case "status.hostIP":
      return status?.hostIP ?? "127.0.0.1";
    default:
      throw new ContainerConfigError(`the field "${fieldPath}" is not supported by this local cluster`);
  }
}

function properties(entries: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(entries ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}

interface ResourceField {
  readonly resource: string;
  readonly divisor?: string;
}

/**
 * A container's request or limit in units of the divisor, rounded up; what is not limited is the machine's.
 * @throws ContainerConfigError for a resource that is not supported
 */
export function readResource(
  container: Container,
  { resource, divisor }: ResourceField,
  machine: { readonly cpu: number; readonly memory: number },
): string {
  const match = /^(limits|requests)\.(cpu|memory)$/.exec(resource);
  if (match === null) {
    throw new ContainerConfigError(`the resource field "${resource}" is not supported by this local cluster`);
  }
  const name = match[2] as "cpu" | "memory";
  const text = container.resources?.[match[1] as "limits" | "requests"]?.[name];
  const amount = text === undefined ? machine[name] : amountOf(text);
  const unit = divisor === undefined || divisor === "0" ? 1 : amountOf(divisor);
  return `${Math.ceil(amount / unit)}`;
}

/** @throws ContainerConfigError */
export function amountOf(text: string): number {
  const amount = parseQuantity(text);
  if (amount === undefined) {
    throw new ContainerConfigError(`"${text}" is not a quantity: write for example 2, 500m or 512Mi`);
  }
  return amount;
}
