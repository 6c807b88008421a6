/** Names of a log's parts: one per pod, of whatever attempt, so that a retry never writes into the log of the pod before. */

export interface LogPart {
  readonly attempt: number;
  readonly podUid: string;
}

export function logPartName({ attempt, podUid }: LogPart): string {
  return `${attempt}.${podUid}`;
}

export function parseLogPartName(name: string): LogPart {
  const dot = name.indexOf(".");
  return { attempt: Number(name.slice(0, dot)), podUid: name.slice(dot + 1) };
}
