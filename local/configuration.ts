/**
 * What `npm start` can be told: command-line options, or the same as environment variables. One place, so that the
 * help text, the parser and the errors cannot drift apart.
 */
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

export interface LocalConfiguration {
  /** Task files to submit once everything is ready. */
  readonly files: readonly string[];
  /** Port of the HTTP API on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Absolute path of the folder that holds all state. */
  readonly dataDir: string;
  /** Tasks that may run at once; undefined leaves the TrainQueue `default` as it is (this machine's cores at first). */
  readonly maxRunning: number | undefined;
  readonly allowHostCommands: boolean;
  /** Task file that GET /AddTask submits; undefined for the built-in template. */
  readonly addTask: string | undefined;
}

export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

export const usage = `npm start -- [task.yaml ...] [options]

  --port 5000              port of the HTTP API on 127.0.0.1     TRAINTASK_PORT
  --data-dir .traintask    where all state is kept               TRAINTASK_DATA_DIR
  --max-running N          tasks that may run at once            TRAINTASK_MAX_RUNNING   (${availableParallelism()} here)
  --add-task task.yaml     what GET /AddTask submits             TRAINTASK_ADD_TASK
  --allow-host-commands    lets container tasks run their        TRAINTASK_ALLOW_HOST_COMMANDS
                           command on this machine, as you
  --help
`;

const options = {
  port: { type: "string" },
  "data-dir": { type: "string" },
  "max-running": { type: "string" },
  "add-task": { type: "string" },
  "allow-host-commands": { type: "boolean" },
  help: { type: "boolean" },
} as const;

/**
 * @param args the arguments after the program's name
 * @param environment variables that stand for options which are not given
 * @returns undefined when help is asked for
 * @throws ConfigurationError naming the option
 */
export function readConfiguration(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): LocalConfiguration | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const text = (option: keyof typeof options, variable: string): string | undefined =>
    (values[option] as string | undefined) ?? (environment[variable] === "" ? undefined : environment[variable]);
  const maxRunning = text("max-running", "TRAINTASK_MAX_RUNNING");
  const flag = environment["TRAINTASK_ALLOW_HOST_COMMANDS"] ?? "";
  if (!["", "true", "false", "1", "0"].includes(flag))
    throw new ConfigurationError(`TRAINTASK_ALLOW_HOST_COMMANDS must be true or false, not "${flag}"`);
  return {
    files: positionals.map((file) => path.resolve(file)),
    port: integer("--port", text("port", "TRAINTASK_PORT") ?? "5000", { from: 0, to: 65_535 }),
    dataDir: path.resolve(text("data-dir", "TRAINTASK_DATA_DIR") ?? ".traintask"),
    maxRunning: maxRunning === undefined ? undefined : integer("--max-running", maxRunning, { from: 0, to: 10_000 }),
    allowHostCommands: values["allow-host-commands"] ?? ["true", "1"].includes(flag),
    addTask: text("add-task", "TRAINTASK_ADD_TASK"),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new ConfigurationError(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}

function integer(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new ConfigurationError(`${option} must be an integer from ${from} to ${to}, not "${text}"`);
}
