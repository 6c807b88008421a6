/**
 * The operator's own status writes that its cache does not show yet. A task is neither planned nor admitted from a
 * state that is older than what this operator has written: a task that is Complete but not so in the cache would be
 * given another Job. A write without an answer is read back before anything else is done.
 */
import { hasPassed } from "./gate.ts";
import type { TaskView } from "./views.ts";

type Write =
  | { readonly state: "under way" }
  | { readonly state: "unknown" }
  | { readonly state: "known"; readonly resourceVersion: string };

export class OwnWrites {
  readonly #writes = new Map<string, Write>();

  /** Before the request is sent. */
  begin(uid: string): void {
    this.#writes.set(uid, { state: "under way" });
  }

  /** The server has written, or shows what it has: the cache must reach this version. */
  reached(uid: string, resourceVersion: string): void {
    this.#writes.set(uid, { state: "known", resourceVersion });
  }

  /** No answer: the task must be read. */
  unknown(uid: string): void {
    this.#writes.set(uid, { state: "unknown" });
  }

  /** The server has refused the write, or the task is gone. */
  forget(uid: string): void {
    this.#writes.delete(uid);
  }

  mustBeRead(uid: string): boolean {
    return this.#writes.get(uid)?.state === "unknown";
  }

  /** The cache's view of this task is older than what this operator has written. */
  isBehind({ metadata }: TaskView): boolean {
    const write = this.#writes.get(metadata.uid);
    if (write === undefined) return false;
    if (write.state !== "known" || !hasPassed(metadata.resourceVersion, write.resourceVersion)) return true;
    this.#writes.delete(metadata.uid);
    return false;
  }
}
