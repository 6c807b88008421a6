/** Guards of the kube layer's election and loops: what keeps two leaders, or a handler that fails, from doing harm. */
import type { Guard } from "./guard.ts";

const election: Guard[] = [
  {
    name: "expiry is judged by what was observed here, not by the holder's clock",
    file: "kube/leader.ts",
    find: "return now - this.#seen.at >=",
    replace: 'return clock.now() - Date.parse(lease.spec?.renewTime ?? "") >=',
    test: "kube/leader.election.test.ts",
  },
  {
    name: "a term ends at the renew deadline although a renewal hangs",
    file: "kube/leader.ts",
    find: "if (leftMs <= 0) expire();",
    replace: "if (leftMs <= 0) return;",
    test: "kube/leader.test.ts",
  },
  {
    name: "a process that was stopped knows that its term is over",
    file: "kube/leader.ts",
    find: " && clock.monotonic() - this.#renewedAt < renewDeadlineMs",
    replace: "",
    test: "kube/leader.test.ts",
  },
  {
    name: "the lease counts from when a renewal was sent",
    file: "kube/leader.ts",
    find: "this.#renewedAt = sentAt;",
    replace: "this.#renewedAt = clock.monotonic();",
    test: "kube/leader.test.ts",
  },
  {
    name: "a stolen lease is not taken back",
    file: "kube/leader.ts",
    find: "lease === undefined || viewOf(lease).holder !== this.#options.identity",
    replace: "lease === undefined",
    test: "kube/leader.test.ts",
  },
  {
    name: "a lost answer to a renewal does not end the term",
    file: "kube/leader.ts",
    find: "if (!(error instanceof ConflictError)) throw error;",
    replace: "throw error;",
    test: "kube/leader.test.ts",
  },
  {
    name: "nothing is written without a lease renewed in time",
    file: "kube/leading-client.ts",
    find: "if (!term.isLeading())",
    replace: "if (term.signal === undefined)",
    test: "kube/leading-client.test.ts",
  },
];

const work: Guard[] = [
  {
    name: "no key is worked on twice at a time",
    file: "kube/work-queue.ts",
    find: "    if (this.#processing.has(key)) return;\n",
    replace: "",
    test: "kube/work-queue.test.ts",
  },
  {
    name: "the earliest time asked for wins",
    file: "kube/work-queue.ts",
    find: "known !== undefined && known.due <= due",
    replace: "known !== undefined",
    test: "kube/work-queue.test.ts",
  },
  {
    name: "a reconcile that throws does not stop the loop",
    file: "kube/controller.ts",
    find: "if (!signal.aborted) queue.add(key, retryDelay(options, failures, { key, error }));",
    replace: "throw error;",
    test: "kube/controller.test.ts",
  },
  {
    name: "a server that was away for long is not waited for long once it is back",
    file: "kube/controller.ts",
    find: "away ? Math.min(maxMs, longestAwayMs) : maxMs",
    replace: "maxMs",
    test: "kube/controller.test.ts",
  },
  {
    name: "Events wait in a bounded queue",
    file: "kube/event-recorder.ts",
    find: "pending.size >= maxPending",
    replace: "pending.size < 0",
    test: "kube/event-recorder.test.ts",
  },
];

export const guards: Guard[] = [...election, ...work];
