/** A clock for tests on which every wait is over at once: time goes on by what was slept, and nothing else. */
import type { TrainerClock } from "./clock.ts";

export function hastyClock(): TrainerClock & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.UTC(2030, 0, 1) + time,
    monotonic: () => time,
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      time += ms;
    },
    random: () => 0.5,
  };
}
