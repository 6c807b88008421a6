import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { linkedAbort } from "./linked-abort.ts";

describe("a linked abort", () => {
  it("aborts with its parent, for the parent's reason", () => {
    const parent = new AbortController();
    const { signal } = linkedAbort(parent.signal);
    expect(signal.aborted).toBe(false);
    parent.abort("closing time");
    expect([signal.aborted, signal.reason]).toEqual([true, "closing time"]);
  });

  it("is aborted from the start when its parent is", () => {
    expect(linkedAbort(AbortSignal.abort()).signal.aborted).toBe(true);
  });

  it("aborts alone", () => {
    const parent = new AbortController();
    const link = linkedAbort(parent.signal);
    link.abort();
    expect([link.signal.aborted, parent.signal.aborted]).toEqual([true, false]);
  });

  it("leaves nothing with its parent once it is unlinked", () => {
    const parent = new AbortController();
    const link = linkedAbort(parent.signal);
    expect(getEventListeners(parent.signal, "abort")).toHaveLength(1);
    link.unlink();
    expect(getEventListeners(parent.signal, "abort")).toHaveLength(0);
    parent.abort();
    expect(link.signal.aborted).toBe(false);
  });
});
