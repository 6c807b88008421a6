/**
 * Why did this Job fail, when each of its pods left an end of its own? With shards the pods that are left are told to go
 * once one has failed for good, so the latest end is not the one that counts.
 */
import { exitCode } from "../traintask/contract.ts";
import { isBuiltIn, memoryCodes } from "./failure.ts";
import type { Ended } from "./termination.ts";
import type { TaskView } from "./views.ts";

/**
 * The end that made the Job fail: rather one that nobody asked for, then what fails a Job at once before what it tries
 * again, then the shard that failed most often, then the latest.
 * @param ends the latest last
 * @returns undefined when no pod is known to have failed
 */
export function causeOf(task: TaskView, ends: readonly Ended[]): Ended | undefined {
  const failed = ends.filter((end) => end.exitCode !== 0);
  return failed.toReversed().toSorted((a, b) => {
    return (
      Number(a.stopped) - Number(b.stopped) ||
      severity(task, a) - severity(task, b) ||
      (b.shard?.failures ?? 0) - (a.shard?.failures ?? 0)
    );
  })[0];
}

const hopeless: readonly number[] = [exitCode.badConfiguration, exitCode.badData];

/** In the order of the rules of the Job's podFailurePolicy (job.ts). */
function severity(task: TaskView, end: Ended): number {
  if (isBuiltIn(task) && hopeless.includes(end.exitCode)) return 0;
  return memoryCodes(task).includes(end.exitCode) ? 1 : 2;
}
