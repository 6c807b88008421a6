/** Commands that end: their output is the answer, and part of the error when they fail or take too long. */
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

export class CommandError extends Error {
  override readonly name = "CommandError";
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Beside this program's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; default one minute. No command of the cluster may be waited for without a bound. */
  readonly timeoutMs?: number;
  /** What it reads from standard input; nothing unless told otherwise. */
  readonly input?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

const execute = promisify(execFile);

/** Standard output of a command. @throws CommandError with what it wrote to standard error */
export async function command(
  [file, ...args]: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<string> {
  const { cwd, env, timeoutMs = 60_000, input = "", signal } = options;
  try {
    const running = execute(file, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: 64 << 20,
    });
    running.child.stdin?.on("error", () => undefined).end(input);
    return (await running).stdout;
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr = "", killed = false } = cause as { stderr?: string; killed?: boolean };
    const why = killed ? `was ended after ${timeoutMs / 1000} s` : "failed";
    throw new CommandError(`${[file, ...args].join(" ")} ${why}\n${stderr.slice(-2000)}`, { cause });
  }
}

/** Whether the command ends with 0. */
export async function succeeds(line: readonly [string, ...string[]], options: CommandOptions = {}): Promise<boolean> {
  try {
    await command(line, { timeoutMs: 15_000, ...options });
    return true;
  } catch {
    return false;
  }
}

/** Runs a command that talks to the person at the terminal, and answers its exit code; the signal ends it. */
export function interactive(
  [file, ...args]: readonly [string, ...string[]],
  { env, signal }: Pick<CommandOptions, "env"> & { signal: AbortSignal },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...env } });
    const end = (): void => void child.kill("SIGTERM");
    signal.addEventListener("abort", end);
    child.on("error", reject);
    child.on("exit", (code) => {
      signal.removeEventListener("abort", end);
      resolve(code ?? 1);
    });
  });
}
