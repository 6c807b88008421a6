/** How a command ends: an error becomes a sentence on stderr and an exit code, a closed pipe (`| head`) is no error. */
import { outcomeOf } from "../failure.ts";

/** A call that does not say what to do; the message is the usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export async function command(run: () => Promise<void>): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  });
  try {
    await run();
  } catch (error) {
    const { exitCode, failure } = outcomeOf(error);
    if (error instanceof UsageError) console.error(error.message);
    else console.error(`${failure?.class ?? "Stopped"}: ${failure?.message ?? "nothing was written"}`);
    if (failure?.advice !== undefined) console.error(failure.advice);
    if (failure?.class === "TrainerError" && error instanceof Error && !(error instanceof UsageError)) {
      console.error(error.stack);
    }
    process.exitCode = error instanceof UsageError ? 64 : exitCode;
  }
}
