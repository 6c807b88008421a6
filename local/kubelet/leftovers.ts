/**
 * Processes of pods that outlived the program which started them. Each bears its pod's token in its environment; the
 * number and start time then say that it is still that very process. They are ended before their pod is called lost.
 */
import type { Clock } from "../../kube/clock.ts";
import { tokenVariable } from "./pod-directory.ts";
import { isAlive, processesWith } from "./proc.ts";

const pollMs = 50;
/** A killed process may hang in the kernel for a while, on a dead disk for ever: then the start goes on without it. */
const patienceMs = 5_000;

/** Kills every process that bears the token, and those they start meanwhile, and resolves when none is left. */
export async function endProcesses(token: string, clock: Clock): Promise<void> {
  const deadline = clock.monotonic() + patienceMs;
  while (clock.monotonic() < deadline) {
    const found = processesWith(`${tokenVariable}=${token}`);
    if (found.length === 0) return;
    for (const process of found) if (isAlive(process)) kill(process.pid);
    await clock.sleep(pollMs);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
