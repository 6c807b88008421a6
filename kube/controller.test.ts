import { beforeEach, describe, expect, it } from "vitest";
import { startController, type Controller, type ControllerOptions, type Reconcile } from "./controller.ts";
import { apiError, TransportError } from "./errors.ts";
import { recordingLog, type RecordingLog } from "./scripted-world.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

let clock: VirtualClock;
let stop: AbortController;
let log: RecordingLog;
beforeEach(() => {
  clock = virtualClock();
  stop = new AbortController();
  log = recordingLog();
});

function start(reconcile: Reconcile, overrides: Partial<ControllerOptions> = {}): Controller {
  return startController({ name: "test", reconcile, clock, log, signal: stop.signal, ...overrides });
}

/** Fails as often as told, and notes when it was called. */
function failing(errors: Error[]): { at: number[]; reconcile: Reconcile } {
  const at: number[] = [];
  return {
    at,
    reconcile: () => {
      at.push(clock.monotonic());
      const error = errors.shift();
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    },
  };
}

describe("an observer of a controller", () => {
  it("hears of each key that a worker takes, how late, and of how each reconcile ended", async () => {
    const heard: unknown[] = [];
    const errors = [new Error("first try")];
    const reconcile = async (): Promise<void> => {
      await clock.sleep(30);
      const error = errors.shift();
      if (error !== undefined) throw error;
    };
    const observe = {
      taken: (waitedMs: number) => heard.push(`taken ${waitedMs}`),
      reconciled: (tookMs: number, result: string) => heard.push(`${result} ${tookMs}`),
    };
    const controller = start(reconcile, { observe, backOff: { baseMs: 100, maxMs: 100 } });
    controller.enqueue("a");
    controller.enqueue("b");
    controller.enqueue("later", 1000);
    // The one worker has taken the first.
    expect(controller.waiting).toBe(2);
    await clock.advance(300);
    expect(heard).toEqual(["taken 0", "failed 30", "taken 30", "done 30", expect.stringMatching(/^taken /), "done 30"]);
    expect(controller.waiting).toBe(1);
  });
});

describe("a controller", () => {
  it("reconciles each key that is asked for", async () => {
    const keys: string[] = [];
    const controller = start((key) => Promise.resolve(void keys.push(key)));
    controller.enqueue("a");
    controller.enqueue("b");
    await clock.settle();
    expect(keys).toEqual(["a", "b"]);
  });

  it("looks again when a reconcile asks for it", async () => {
    const at: number[] = [];
    const controller = start(() => {
      at.push(clock.monotonic());
      return Promise.resolve(at.length < 3 ? { lookAgainAfterMs: 1000 } : {});
    });
    controller.enqueue("a");
    await clock.advance(10_000);
    expect(at).toEqual([0, 1000, 2000]);
  });

  it("tries again after a failure, later and later, and from the start after a success", async () => {
    const { at, reconcile } = failing(Array.from({ length: 6 }, () => new Error("no")));
    const controller = start(reconcile, { backOff: { baseMs: 100, maxMs: 800 } });
    controller.enqueue("a");
    await clock.advance(10_000);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits).toHaveLength(6);
    for (const [index, full] of [100, 200, 400, 800, 800, 800].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(full / 2);
      expect(waits[index]).toBeLessThanOrEqual(full);
    }
    expect(log.errors).toHaveLength(6);
  });

  const away: Record<string, Error> = {
    "does not answer": new TransportError("connection refused"),
    "answers that it cannot": apiError({ code: 503, reason: "ServiceUnavailable" }),
  };
  for (const [what, error] of Object.entries(away)) {
    it(`is at work within ten seconds of the return of a server that for long ${what}`, async () => {
      const returnsAt = 600_000;
      const at: number[] = [];
      const reconcile = (): Promise<void> => {
        at.push(clock.monotonic());
        return clock.monotonic() < returnsAt ? Promise.reject(error) : Promise.resolve();
      };
      start(reconcile).enqueue("a");
      await clock.advance(returnsAt + 10_000);
      expect(at.at(-1)).toBeGreaterThanOrEqual(returnsAt);
    });
  }

  it("is not stopped by a reconcile that throws before it returns a promise", async () => {
    let calls = 0;
    const controller = start(() => {
      calls += 1;
      throw new Error("a bug");
    });
    controller.enqueue("a");
    await clock.advance(1000);
    expect(calls).toBeGreaterThan(1);
  });

  it("lets one key's failures delay no other key", async () => {
    const done: string[] = [];
    const controller = start((key) =>
      key === "bad" ? Promise.reject(new Error("no")) : Promise.resolve(void done.push(key)),
    );
    controller.enqueue("bad");
    controller.enqueue("good");
    await clock.settle();
    expect(done).toEqual(["good"]);
  });

  it("waits as long as a Retry-After asks for", async () => {
    const { at, reconcile } = failing([apiError({ code: 429, details: { retryAfterSeconds: 30 } })]);
    start(reconcile).enqueue("a");
    await clock.advance(29_999);
    expect(at).toEqual([0]);
    await clock.advance(1000);
    expect(at).toHaveLength(2);
  });

  it("takes a conflict for what it is: two writers met, no error, unless it goes on", async () => {
    const conflict = (): Error => apiError({ code: 409, reason: "Conflict" });
    start(failing([conflict(), conflict()]).reconcile).enqueue("a");
    await clock.advance(10_000);
    expect(log.errors).toEqual([]);
    start(failing(Array.from({ length: 5 }, conflict)).reconcile).enqueue("b");
    await clock.advance(60_000);
    expect(log.errors).toEqual(["reconcile failed"]);
  });

  it("never works on one key twice at a time, and comes back to it when it changed meanwhile", async () => {
    let running = 0;
    let runs = 0;
    const controller = start(
      async () => {
        runs += 1;
        expect(++running).toBe(1);
        await clock.sleep(100);
        running -= 1;
      },
      { workers: 4 },
    );
    controller.enqueue("a");
    await clock.advance(50);
    controller.enqueue("a");
    controller.enqueue("a");
    await clock.advance(1000);
    expect(runs).toBe(2);
    expect(log.errors).toEqual([]);
  });

  it("works on as many keys at a time as it has workers", async () => {
    let most = 0;
    let running = 0;
    const controller = start(
      async () => {
        most = Math.max(most, ++running);
        await clock.sleep(100);
        running -= 1;
      },
      { workers: 3 },
    );
    for (let key = 0; key < 10; key++) controller.enqueue(String(key));
    await clock.advance(1000);
    expect(most).toBe(3);
  });

  it("stops when its last reconcile has ended, takes no new key, and reports no error for what the stop broke off", async () => {
    const began: string[] = [];
    const controller = start(async (key, signal) => {
      began.push(key);
      await clock.sleep(60_000, signal);
      throw new Error("broken off");
    });
    let stopped = false;
    void controller.stopped.then(() => (stopped = true));
    controller.enqueue("a");
    controller.enqueue("b");
    await clock.advance(1000);
    expect(stopped).toBe(false);
    stop.abort();
    await controller.stopped;
    controller.enqueue("c");
    await clock.advance(600_000);
    expect(began).toEqual(["a"]);
    expect(log.errors).toEqual([]);
  });
});
