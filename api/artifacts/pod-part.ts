/**
 * Names of parts that belong to one pod: logs, and the models of containers. One per pod, of whatever attempt, so that
 * a retry never writes into what the pod before it left: `<attempt>.<pod uid>`, or `<attempt>-<shard>.<pod uid>` for all
 * shards but the first.
 */

export interface PodPart {
  readonly attempt: number;
  readonly podUid: string;
  readonly shard: number;
}

export function podPartName({ attempt, podUid, shard }: PodPart): string {
  return `${attempt}${shard === 0 ? "" : `-${shard}`}.${podUid}`;
}

export function parsePodPartName(name: string): PodPart {
  const dot = name.indexOf(".");
  const [attempt, shard = 0] = name.slice(0, dot).split("-").map(Number);
  return { attempt: attempt ?? 0, shard, podUid: name.slice(dot + 1) };
}

/** Whether a part is one pod's, and not a shard's. */
export function isPodPart(name: string): boolean {
  return name.includes(".");
}
