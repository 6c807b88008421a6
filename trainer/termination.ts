/** The last word of a pod, which Kubernetes keeps in the pod's status: true even if the API was away. */
import { maxTerminationBytes } from "../traintask/contract.ts";
import type { Progress, Termination } from "../traintask/progress.ts";
import type { Outcome } from "./failure.ts";

/** JSON of at most 4096 bytes: metrics go first, then the ends of long sentences. */
export function terminationMessage(progress: Progress | undefined, { failure }: Pick<Outcome, "failure">): string {
  const whole: Termination = {
    ...progress,
    ...(failure === undefined ? {} : { failure: shortened(failure, 1024) }),
  };
  if (fits(whole)) return JSON.stringify(whole);
  const { metrics: _, ...status } = whole.trainerStatus ?? { lastUpdatedTime: "" };
  const lean: Termination = { ...whole, ...(whole.trainerStatus === undefined ? {} : { trainerStatus: status }) };
  if (fits(lean) || failure === undefined) return JSON.stringify(lean);
  // A character may take 6 bytes of JSON: 2 x 256 of them leave room for the rest.
  return JSON.stringify({ ...lean, failure: shortened(failure, 256) });
}

function fits(message: Termination): boolean {
  return Buffer.byteLength(JSON.stringify(message)) <= maxTerminationBytes;
}

function shortened(failure: NonNullable<Outcome["failure"]>, length: number): NonNullable<Termination["failure"]> {
  const cut = (text: string): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
  const { advice } = failure;
  return { ...failure, message: cut(failure.message), ...(advice === undefined ? {} : { advice: cut(advice) }) };
}
