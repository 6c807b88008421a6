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
  /** Whether tasks may read tables from https addresses that are not public. */
  readonly allowPrivateAddresses: boolean;
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
  --allow-private-addresses  lets tasks read tables from https   TRAINTASK_ALLOW_PRIVATE_ADDRESSES
                           addresses that are not public
  --help
`;

const options = {
  port: { type: "string" },
  "data-dir": { type: "string" },
  "max-running": { type: "string" },
  "add-task": { type: "string" },
  "allow-host-commands": { type: "boolean" },
  "allow-private-addresses": { type: "boolean" },
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
  const allowed = (option: "allow-host-commands" | "allow-private-addresses", variable: string): boolean =>
    values[option] ?? flag(variable, environment[variable] ?? "");
  return {
    files: positionals.map((file) => path.resolve(file)),
    port: integer("--port", text("port", "TRAINTASK_PORT") ?? "5000", { from: 0, to: 65_535 }),
    dataDir: path.resolve(text("data-dir", "TRAINTASK_DATA_DIR") ?? ".traintask"),
    maxRunning: maxRunning === undefined ? undefined : integer("--max-running", maxRunning, { from: 0, to: 10_000 }),
    allowHostCommands: allowed("allow-host-commands", "TRAINTASK_ALLOW_HOST_COMMANDS"),
    allowPrivateAddresses: allowed("allow-private-addresses", "TRAINTASK_ALLOW_PRIVATE_ADDRESSES"),
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

function flag(variable: string, text: string): boolean {
  if (["", "true", "false", "1", "0"].includes(text)) return ["true", "1"].includes(text);
  throw new ConfigurationError(`${variable} must be true or false, not "${text}"`);
}

function integer(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new ConfigurationError(`${option} must be an integer from ${from} to ${to}, not "${text}"`);
}
