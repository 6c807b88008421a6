import { describe, expect, test } from "vitest";
import { OutOfMemoryError, StoppedError } from "../errors.ts";
import { hastyClock } from "../scripted-clock.ts";
import { type PoolOptions, type TrialPool, trialPool, type TrialRunner } from "./pool.ts";
import { pipeline, step } from "./scripted-operators.ts";
import type { TrialAnswer, TrialOrder } from "./trial-orders.ts";

/** A process that answers when it is told to. */
interface Played extends TrialRunner {
  readonly orders: string[];
  answer(answer: TrialAnswer): Promise<void>;
  die(answer: TrialAnswer): Promise<void>;
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const scores: TrialAnswer = { scores: [1] };
const killed: TrialAnswer = { error: { cause: "memory", message: "took too much" } };

function stage(options: Partial<PoolOptions> & { ready?: () => Promise<void> } = {}): {
  pool: TrialPool;
  played: Played[];
} {
  const { ready = () => Promise.resolve(), ...rest } = options;
  const played: Played[] = [];
  const start = (): Played => {
    const orders: string[] = [];
    let ended = false;
    let waiting: PromiseWithResolvers<TrialAnswer> | undefined;
    const one: Played = {
      orders,
      ready: ready(),
      get ended() {
        return ended;
      },
      run(order: TrialOrder) {
        orders.push(nameOf(order));
        waiting = Promise.withResolvers();
        return waiting.promise;
      },
      close() {
        ended = true;
        waiting?.resolve({ error: { cause: "crash", message: "closed" } });
      },
      async answer(answer) {
        waiting?.resolve(answer);
        await settled();
      },
      async die(answer) {
        ended = true;
        await one.answer(answer);
      },
    };
    one.ready.catch(() => undefined);
    played.push(one);
    return one;
  };
  return { pool: trialPool({ start, processes: 1, clock: hastyClock(), ...rest }), played };
}

function nameOf(order: TrialOrder): string {
  if ("evaluate" in order) return `trial ${String(order.evaluate.pipeline[0]!.parameters.by)}`;
  return "refit" in order ? "refit" : "begin";
}
const trial = (by: number) => ({ pipeline: pipeline(step("mean", { by })) });
const refit = { pipeline: pipeline("mean"), maxModelBytes: 1, maxLineBytes: 1 };
const reason = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "none",
    (error: unknown) => error,
  );

describe("a pool of trial processes", () => {
  test("starts none before there is work, and gives it out in order, refits first", async () => {
    const { pool, played } = stage();
    await settled();
    expect(played).toHaveLength(0);
    const trials = [0, 1, 2].map((by) => pool.evaluate(trial(by)));
    await settled();
    const fitted = pool.refit(refit);
    await played[0]!.answer(scores);
    await played[0]!.answer({ refitted: { lines: ["x"] } });
    expect(await fitted).toEqual({ lines: ["x"] });
    await played[0]!.answer(scores);
    await played[0]!.answer(scores);
    expect(await Promise.all(trials)).toMatchObject([0, 1, 2].map(() => ({ outcome: { scores: [1] } })));
    expect(played[0]!.orders).toEqual(["trial 0", "refit", "trial 1", "trial 2"]);
  });

  test("starts more while trials wait, as many as it may and no more than there is work for", async () => {
    const { pool, played } = stage({ processes: 4 });
    for (const by of [0, 1, 2]) void reason(pool.evaluate(trial(by)));
    await settled();
    expect(played.map(({ orders }) => orders)).toEqual([["trial 0"], ["trial 1"], ["trial 2"]]);
    for (const by of [3, 4, 5, 6]) void reason(pool.evaluate(trial(by)));
    await settled();
    expect(played).toHaveLength(4);
    pool.close();
  });

  test("needs one process where trials are done before they have waited", async () => {
    const quick = { ...hastyClock(), sleep: () => new Promise<void>(() => undefined) };
    const { pool, played } = stage({ processes: 4, clock: quick });
    const trials = [0, 1, 2].map((by) => pool.evaluate(trial(by)));
    for (let count = 0; count < 3; count++) {
      await settled();
      await played[0]!.answer(scores);
    }
    await Promise.all(trials);
    expect(played).toHaveLength(1);
  });

  test("tells how long a trial took", async () => {
    let now = 0;
    const { pool, played } = stage({ clock: { ...hastyClock(), monotonic: () => now } });
    const evaluated = pool.evaluate(trial(0));
    await settled();
    now = 2500;
    await played[0]!.answer(scores);
    expect(await evaluated).toEqual({ outcome: { scores: [1] }, seconds: 2.5 });
  });

  test("replaces a process that a trial has ended, and the trial has failed", async () => {
    const { pool, played } = stage();
    const [first, second] = [pool.evaluate(trial(0)), pool.evaluate(trial(1))];
    await settled();
    await played[0]!.die({ error: { cause: "time", message: "too long" } });
    expect(await first).toMatchObject({ outcome: { error: { cause: "time", message: "too long" } } });
    expect(played[1]!.orders).toEqual(["trial 1"]);
    await played[1]!.answer(scores);
    expect(await second).toMatchObject({ outcome: { scores: [1] } });
  });

  test("does not give work to a process that has ended while it was idle", async () => {
    const { pool, played } = stage();
    void pool.evaluate(trial(0));
    await settled();
    await played[0]!.answer(scores);
    await played[0]!.die(scores);
    void reason(pool.evaluate(trial(1)));
    await settled();
    expect(played.map(({ orders }) => orders)).toEqual([["trial 0"], ["trial 1"]]);
    pool.close();
  });

  test("tries a trial again in a fresh process before it is blamed for memory that others have left", async () => {
    const { pool, played } = stage();
    const [first, second, third] = [0, 1, 2].map((by) => pool.evaluate(trial(by)));
    await settled();
    await played[0]!.answer(scores);
    await played[0]!.die(killed);
    expect(played[1]!.orders).toEqual(["trial 1"]);
    await played[1]!.answer(scores);
    expect(await second).toMatchObject({ outcome: { scores: [1] } });
    // What is killed in a process of its own is to blame.
    await played[1]!.die(killed);
    await played[2]!.die(killed);
    expect(await third).toMatchObject({ outcome: { error: { cause: "memory" } } });
    expect(await first).toMatchObject({ outcome: { scores: [1] } });
    expect(played).toHaveLength(3);
  });

  test("takes a prediction of too much memory for what it is", async () => {
    const { pool, played } = stage();
    const trials = [0, 1].map((by) => pool.evaluate(trial(by)));
    await settled();
    await played[0]!.answer(scores);
    await played[0]!.answer(killed);
    expect(await trials[1]).toMatchObject({ outcome: { error: { cause: "memory" } } });
    expect(played).toHaveLength(1);
  });

  test("gives up trials that wait and run, but no refit, and goes on with others", async () => {
    const { pool, played } = stage({ processes: 2 });
    const running = reason(pool.evaluate(trial(0)));
    await settled();
    const fitted = pool.refit(refit);
    await settled();
    const waiting = reason(pool.evaluate(trial(1)));
    pool.drop();
    expect(await running).toBeInstanceOf(StoppedError);
    expect(await waiting).toBeInstanceOf(StoppedError);
    expect(played[0]!.ended).toBe(true);
    await played[1]!.answer({ refitted: { lines: [] } });
    expect(await fitted).toEqual({ lines: [] });
    const later = pool.evaluate(trial(2));
    await settled();
    await played[1]!.answer(scores);
    expect(await later).toMatchObject({ outcome: { scores: [1] } });
  });

  test("fails with OutOfMemoryError where the rows do not fit, as no trial could do anything about it", async () => {
    const { pool } = stage({ ready: () => Promise.reject(new OutOfMemoryError("rows do not fit")) });
    const trials = [0, 1].map((by) => reason(pool.evaluate(trial(by))));
    expect(await Promise.all(trials)).toEqual([expect.any(OutOfMemoryError), expect.any(OutOfMemoryError)]);
    expect(await reason(pool.refit(refit))).toBeInstanceOf(OutOfMemoryError);
  });

  test("tries three times to start a process, and then says why it cannot", async () => {
    const { pool, played } = stage({ ready: () => Promise.reject(new Error("no process")) });
    expect(await reason(pool.evaluate(trial(0)))).toEqual(new Error("no process"));
    expect(played).toHaveLength(3);
  });

  test("ends all that runs when it is closed", async () => {
    const { pool, played } = stage();
    const all = [reason(pool.evaluate(trial(0))), reason(pool.refit(refit))];
    await settled();
    pool.close();
    expect(await Promise.all(all)).toEqual([expect.any(StoppedError), expect.any(StoppedError)]);
    expect(played.every(({ ended }) => ended)).toBe(true);
    expect(await reason(pool.evaluate(trial(1)))).toBeInstanceOf(StoppedError);
  });
});
