/**
 * Why `npm start` cannot start, in one sentence for the person who typed it: what was in the way, and what to do.
 * Everything else that goes wrong at a start is a mistake of the program, and shows its stack.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StoreError, StoreInUseError } from "./apiserver/storage/store.ts";

export class StartError extends Error {
  override readonly name = "StartError";
}

const pidFile = "pid";
const listening: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses it",
  EACCES: "this user may not open it",
};

/** Makes the folder of all state. Only its owner can look into it. */
export function makeDataFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Leaves word, for a second start over the same folder, of which process has it. To be called by whoever has it. */
export function leavePid(dataDir: string): void {
  writeFileSync(path.join(dataDir, pidFile), `${process.pid}\n`);
}

/** @returns the error in words for the user, or as it is when it is not about the folder or the port */
export function startError(error: unknown, { dataDir, port }: { dataDir: string; port: number }): unknown {
  if (!(error instanceof Error)) return error;
  const { code = "", syscall, path: file } = error as NodeJS.ErrnoException;
  if (error instanceof StoreInUseError) {
    const pid = pidOf(dataDir);
    const who = pid === undefined ? "Another TrainTask" : `Another TrainTask (process ${pid})`;
    return new StartError(`${who} is running on ${dataDir}. Stop it, or take another folder with --data-dir.`, {
      cause: error,
    });
  }
  const reason = syscall === "listen" ? listening[code] : undefined;
  if (reason !== undefined)
    return new StartError(`Port ${port} cannot be opened: ${reason}. Take another with --port (0 takes a free one).`, {
      cause: error,
    });
  if (error instanceof StoreError || file?.startsWith(dataDir) === true)
    return new StartError(
      `The folder ${dataDir} cannot be used for state: ${error.message}. Take another with --data-dir.`,
      { cause: error },
    );
  return error;
}

function pidOf(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(path.join(dataDir, pidFile), "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
