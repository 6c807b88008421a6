/**
 * An AbortController for one piece of a longer piece of work: it aborts with its parent, or alone. Unlike
 * AbortSignal.any it can be let go of, so that a parent that lives for months does not collect its children.
 */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Forgets the parent; to be called when the piece of work is over. */
  unlink(): void;
}

export function linkedAbort(parent: AbortSignal): LinkedAbort {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => parent.removeEventListener("abort", onAbort),
  };
}
