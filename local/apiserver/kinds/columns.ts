/** The columns that `kubectl get` prints for the built-in kinds. */
import type { Event, Job, KubeObject, Lease, Pod } from "../../../kube/objects.ts";
import type { ConfigMap } from "./config-map.ts";
import { humanDuration } from "./human-duration.ts";
import type { Column } from "./kind.ts";

type Value = Column["value"];

const column = (name: string, value: Value, more: Partial<Column> = {}): Column => ({
  name,
  type: "string",
  priority: 0,
  value,
  ...more,
});
const wide = { priority: 1 };

export const nameColumn = column("Name", ({ metadata }) => metadata?.name, { format: "name" });
export const ageColumn = column("Age", ({ metadata }) => metadata?.creationTimestamp, { type: "date" });

export const plain: readonly Column[] = [nameColumn, ageColumn];

export const namespace: readonly Column[] = [
  nameColumn,
  column("Status", (object) => (object as KubeObject & { status?: { phase?: string } }).status?.phase),
  ageColumn,
];

export const configMap: readonly Column[] = [nameColumn, column("Data", keysOf, { type: "integer" }), ageColumn];

function keysOf({ data = {}, binaryData = {} }: ConfigMap): number {
  return Object.keys(data).length + Object.keys(binaryData).length;
}

export const lease: readonly Column[] = [
  nameColumn,
  column("Holder", (object) => (object as Lease).spec?.holderIdentity),
  ageColumn,
];

export const event: readonly Column[] = [
  column("Last Seen", (object) => (object as Event).lastTimestamp ?? (object as Event).eventTime, { type: "date" }),
  column("Type", (object) => (object as Event).type),
  column("Reason", (object) => (object as Event).reason),
  column("Object", (object) => {
    const { kind = "", name = "" } = (object as Event).involvedObject;
    return `${kind.toLowerCase()}/${name}`;
  }),
  column("Count", (object) => (object as Event).count, { type: "integer", ...wide }),
  column("Message", (object) => (object as Event).message?.trim()),
];

export const job: readonly Column[] = [
  nameColumn,
  column("Status", jobStatus),
  column("Completions", ({ spec, status }: Job) => {
    if (spec?.completions !== undefined) return `${status?.succeeded ?? 0}/${spec.completions}`;
    const { parallelism = 1 } = spec ?? {};
    return `${status?.succeeded ?? 0}/1${parallelism > 1 ? ` of ${parallelism}` : ""}`;
  }),
  column("Duration", ({ status }: Job, now) => {
    const { startTime, completionTime } = status ?? {};
    if (startTime === undefined) return undefined;
    return humanDuration((completionTime === undefined ? now : Date.parse(completionTime)) - Date.parse(startTime));
  }),
  ageColumn,
  column("Containers", ({ spec }: Job) => spec?.template.spec?.containers.map(({ name }) => name).join(","), wide),
  column("Images", ({ spec }: Job) => spec?.template.spec?.containers.map(({ image }) => image).join(","), wide),
];

function jobStatus({ metadata, spec, status }: Job): string {
  const has = (type: string): boolean =>
    (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (metadata?.deletionTimestamp !== undefined) return "Terminating";
  if (has("Suspended") || spec?.suspend === true) return "Suspended";
  if (has("FailureTarget")) return "FailureTarget";
  return has("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

export const pod: readonly Column[] = [
  nameColumn,
  column("Ready", ({ spec, status }: Pod) => {
    const ready = (status?.containerStatuses ?? []).filter((container) => container.ready).length;
    return `${ready}/${spec?.containers.length ?? 0}`;
  }),
  column("Status", podStatus),
  column("Restarts", ({ status }: Pod) =>
    String((status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)),
  ),
  ageColumn,
  column("IP", ({ status }: Pod) => status?.podIP, wide),
  column("Node", ({ spec }: Pod) => spec?.nodeName, wide),
];

/** The most telling word: a container's reason where there is one, else the phase. */
function podStatus({ metadata, status }: Pod): string {
  if (metadata?.deletionTimestamp !== undefined) return "Terminating";
  const states = (status?.containerStatuses ?? []).map(
    ({ state }) => state?.waiting?.reason ?? state?.terminated?.reason,
  );
  return states.findLast((reason) => reason !== undefined) ?? status?.reason ?? status?.phase ?? "Unknown";
}
