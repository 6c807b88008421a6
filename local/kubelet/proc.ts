/**
 * What Linux tells of processes under /proc. Elsewhere nothing is known: memory limits are then not watched, and
 * processes left behind are found by nobody but end with the pipe to their parent.
 */
import { readdirSync, readFileSync } from "node:fs";

/** A process, told from a later one with the same number by its start time (clock ticks since boot). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Resident memory of a process and all its descendants, in bytes; undefined when it is gone or /proc is not there. */
export function residentBytes(pid: number): number | undefined {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  if (kibibytes === undefined) return undefined;
  return childrenOf(pid).reduce((sum, child) => sum + (residentBytes(child) ?? 0), Number(kibibytes) * 1024);
}

function childrenOf(pid: number): number[] {
  const tasks = entries(`/proc/${pid}/task`);
  return tasks.flatMap((task) =>
    (read(`/proc/${pid}/task/${task}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
}

/** Our processes whose environment has this entry ("NAME=value"), zombies left out. */
export function processesWith(entry: string): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const name of entries("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const identity = identify(Number(name));
    const environment = read(`/proc/${name}/environ`) ?? "";
    if (identity !== undefined && environment.split("\0").includes(entry)) found.push(identity);
  }
  return found;
}

/** Whether that very process is still there; a zombie is not. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime;
}

/**
 * The process of this number; undefined when there is none, or only its remains. One that was killed has the state of
 * remains as soon as its first thread is gone; its ports and files are free when the last one is.
 */
export function identify(pid: number): ProcessIdentity | undefined {
  // The second field is the command in parentheses and may itself contain spaces and parentheses.
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  const [state, startTime] = [fields?.[0], fields?.[19]];
  const isGone = state === "X" || (state === "Z" && entries(`/proc/${pid}/task`).length <= 1);
  return startTime === undefined || isGone ? undefined : { pid, startTime };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
