import { describe, expect, test } from "vitest";
import { virtualClock } from "../kube/virtual-clock.ts";
import { type Progress, progressSchema } from "../traintask/progress.ts";
import { TemporaryError } from "./errors.ts";
import type { Snapshot } from "./grower.ts";
import { progressReporter } from "./progress.ts";

const snapshot = (trees: number, overrides: Partial<Snapshot> = {}): Snapshot => ({
  trees,
  metrics: [],
  curve: [],
  ...overrides,
});

function reporter(postProgress?: (progress: Progress, signal?: AbortSignal) => Promise<void>) {
  const clock = virtualClock({ now: Date.UTC(2030, 0, 1) });
  const posted: Progress[] = [];
  const troubles: string[] = [];
  const api = { postProgress: postProgress ?? (async (progress: Progress) => void posted.push(progress)) };
  const made = progressReporter({ api, clock, onTrouble: ({ message }) => troubles.push(message) });
  return { ...made, clock, posted, troubles };
}
const asked = (total: number) => ({ total, unit: "trees" }) as const;
const percentages = (posted: Progress[]) => posted.map(({ trainerStatus }) => trainerStatus.progressPercentage);

describe("the progress reporter", () => {
  test("tells the first news at once, then the latest every five seconds, and nothing twice", async () => {
    const { update, clock, posted } = reporter();
    update(snapshot(1), asked(100));
    await clock.settle();
    expect(percentages(posted)).toEqual([1]);
    for (let trees = 2; trees < 10; trees++) update(snapshot(trees), asked(100));
    await clock.advance(4999);
    expect(percentages(posted)).toEqual([1]);
    await clock.advance(1);
    expect(percentages(posted)).toEqual([1, 9]);
    await clock.advance(60_000);
    expect(percentages(posted)).toEqual([1, 9]);
  });

  test("tells the last word when it ends, and then no more", async () => {
    const { update, close, clock, posted } = reporter();
    update(snapshot(1), asked(100));
    await clock.settle();
    update(snapshot(100), asked(100));
    const closed = close();
    await clock.advance(1);
    await closed;
    expect(percentages(posted)).toEqual([1, 100]);
    expect(clock.pending).toBe(0);
  });

  test("does not wait for ever for its last word", async () => {
    const { update, close, clock } = reporter((_, signal) => {
      return new Promise((__, reject) =>
        signal?.addEventListener("abort", () => reject(new TemporaryError("aborted"))),
      );
    });
    update(snapshot(1), asked(2));
    await clock.settle();
    const closed = close();
    await clock.advance(10_000);
    await closed;
    expect(clock.pending).toBe(0);
  });

  test("forgets a post that failed, tells of the trouble once, and goes on", async () => {
    let fail = true;
    const posted: Progress[] = [];
    const { update, clock, troubles } = reporter(async (progress) => {
      if (fail) throw new TemporaryError("no API");
      posted.push(progress);
    });
    update(snapshot(1), asked(100));
    await clock.advance(20_000);
    expect(troubles).toEqual(["no API"]);
    fail = false;
    update(snapshot(2), asked(100));
    await clock.advance(5000);
    expect(percentages(posted)).toEqual([2]);
  });

  test("says all that the contract knows, in its shape", async () => {
    const { begin, update, clock, latest } = reporter();
    begin(0);
    await clock.advance(8000);
    const curve = [
      { trees: 2, score: 0.5 },
      { trees: 4, score: 0.75 },
    ];
    update(
      snapshot(4, { score: "acc 0.750", metrics: [{ name: "out_of_bag_accuracy", value: 2 / 3 }], curve }),
      asked(10),
    );
    expect(progressSchema.parse(latest())).toEqual(latest());
    expect(latest()).toEqual({
      trainerStatus: {
        progressPercentage: 40,
        estimatedRemainingSeconds: 12,
        metrics: [
          { name: "trees", value: "4" },
          { name: "out_of_bag_accuracy", value: "0.666667" },
        ],
        lastUpdatedTime: "2030-01-01T00:00:08.000Z",
      },
      curve: "▁█",
      score: "acc 0.750",
    });
  });

  test("estimates the time left from the trees grown in this attempt alone", async () => {
    const { begin, update, clock, latest } = reporter();
    await clock.advance(90_000); // Reading the data.
    update(snapshot(50), asked(100));
    expect(latest()?.trainerStatus).not.toHaveProperty("estimatedRemainingSeconds");
    begin(50);
    await clock.advance(10_000);
    update(snapshot(60), asked(100));
    // Ten trees in ten seconds, forty to go.
    expect(latest()?.trainerStatus.estimatedRemainingSeconds).toBe(40);
  });

  test("says 100 percent for all trees only", () => {
    const { update, latest } = reporter();
    update(snapshot(99_999), asked(100_000));
    expect(latest()?.trainerStatus.progressPercentage).toBe(99);
    update(snapshot(100_000), asked(100_000));
    expect(latest()?.trainerStatus).toMatchObject({ progressPercentage: 100, estimatedRemainingSeconds: 0 });
  });
});
