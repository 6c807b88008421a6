/**
 * Names of parts that belong to one pod: logs, and the models of containers. One per pod, of whatever attempt, so that
 * a retry never writes into what the pod before it left.
 */

export interface PodPart {
  readonly attempt: number;
  readonly podUid: string;
}

export function podPartName({ attempt, podUid }: PodPart): string {
  return `${attempt}.${podUid}`;
}

export function parsePodPartName(name: string): PodPart {
  const dot = name.indexOf(".");
  return { attempt: Number(name.slice(0, dot)), podUid: name.slice(dot + 1) };
}

/** Whether a part is one pod's, and not a shard's. */
export function isPodPart(name: string): boolean {
  return name.includes(".");
}
