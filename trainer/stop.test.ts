import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { StoppedError } from "./errors.ts";
import { stopSignal, untilAborted } from "./stop.ts";

function sources() {
  const signals = new EventEmitter();
  const parent = Object.assign(new EventEmitter(), { resumed: 0, resume: () => parent.resumed++ });
  const exits: number[] = [];
  return { signals, parent, exits, exit: (code: number) => void exits.push(code) };
}

describe("stopSignal", () => {
  test.each(["SIGTERM", "SIGINT"])("aborts at the first %s and exits at the second signal of any kind", (name) => {
    const from = sources();
    const stop = stopSignal(from);
    expect(stop.aborted).toBe(false);
    from.signals.emit(name);
    expect([stop.aborted, from.exits]).toEqual([true, []]);
    from.signals.emit("SIGTERM");
    expect(from.exits).toEqual([143]);
  });

  test("exits when the parent's pipe ends, which it listens to", () => {
    const from = sources();
    stopSignal(from);
    expect(from.parent.resumed).toBe(1);
    from.parent.emit("end");
    expect(from.exits).toEqual([143]);
  });

  test("exits when the parent's pipe breaks", () => {
    const from = sources();
    stopSignal(from);
    from.parent.emit("error", new Error("reset"));
    expect(from.exits).toEqual([143]);
  });
});

describe("untilAborted", () => {
  const stopped = (): Error => new StoppedError("stop");

  test("is the promise's outcome when nobody aborts", async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(7), signal, stopped)).toBe(7);
    await expect(untilAborted(Promise.reject(new Error("own")), signal, stopped)).rejects.toThrow("own");
  });

  test("rejects as soon as the signal aborts, or at once if it has", async () => {
    const abort = new AbortController();
    const waiting = untilAborted(new Promise(() => undefined), abort.signal, stopped);
    abort.abort();
    await expect(waiting).rejects.toThrow(StoppedError);
    await expect(untilAborted(Promise.resolve(7), abort.signal, stopped)).rejects.toThrow(StoppedError);
  });
});
