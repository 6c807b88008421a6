/**
 * Submits task files through the HTTP API, as a user's curl would, and draws their progress in the terminal until
 * each has its model or has failed. On a terminal the lines are redrawn in place; otherwise a line is printed
 * when a task's state changes.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { nextCalls, type Progress, progressLine } from "./greeting.ts";

/** Sends one request to our own HTTP API and answers with status and body. */
export type Http = (request: {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}) => Promise<{ status: number; text: string }>;

export interface FollowOptions {
  readonly files: readonly string[];
  readonly http: Http;
  readonly apiUrl: string;
  readonly out: { write(text: string): unknown; isTTY?: boolean };
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** Sent with container tasks, where they are allowed. */
  readonly containerToken?: string;
}

interface Task {
  metadata: { name: string; namespace?: string };
  status?: {
    state?: string;
    queue?: { position?: number };
    trainerStatus?: { progressPercentage?: number };
    left?: string;
    score?: string;
    curve?: string;
    model?: { digest: string; sizeBytes: number };
    failure?: { class: string; message: string; advice?: string };
  };
  links?: Record<string, string>;
}

const endStates = ["Succeeded", "Failed", "Cancelled"];

/** Resolves once every task has ended (or the signal aborts); a file that is refused is reported and left out. */
export async function submitAndFollow(options: FollowOptions): Promise<void> {
  const tasks: Task[] = [];
  for (const file of options.files) {
    const task = await submitFile(file, options);
    if (task !== undefined) tasks.push(task);
  }
  const screen = new Screen(options.out);
  let current = tasks;
  while (!options.signal.aborted) {
    current = await Promise.all(current.map((task) => look(task, options)));
    screen.draw(current.map((task) => progressLine(task.metadata.name, progressOf(task))));
    if (current.every((task) => endStates.includes(task.status?.state ?? ""))) break;
    await options.wait(250);
  }
  for (const task of current) options.out.write(`\n${outcome(task, options.apiUrl)}`);
}

async function submitFile(file: string, { http, out, containerToken }: FollowOptions): Promise<Task | undefined> {
  const shown = path.relative(process.cwd(), file);
  const body = await readFile(file, "utf8").catch((error: Error) => {
    out.write(`  ${shown}: ${error.message}\n`);
    return undefined;
  });
  if (body === undefined) return undefined;
  const answer = await http({
    method: "POST",
    path: "/v1/tasks",
    headers: {
      "content-type": "application/yaml",
      accept: "application/json",
      ...(containerToken === undefined ? {} : { authorization: `Bearer ${containerToken}` }),
    },
    body,
  });
  const parsed = JSON.parse(answer.text) as Task & { detail?: string };
  if (answer.status === 201) return parsed;
  // The name is taken when the same file was given at an earlier start: then its task is followed.
  const name = /^\s*name:\s*["']?([-a-z0-9]+)/m.exec(body)?.[1];
  if (answer.status === 409 && name !== undefined) return { metadata: { name } };
  out.write(`  ${shown} was refused: ${parsed.detail ?? answer.text}\n`);
  return undefined;
}

async function look(task: Task, { http }: FollowOptions): Promise<Task> {
  if (endStates.includes(task.status?.state ?? "")) return task;
  const namespace = task.metadata.namespace ?? "default";
  const answer = await http({ method: "GET", path: `/v1/tasks/${task.metadata.name}?namespace=${namespace}` });
  if (answer.status === 404)
    return { ...task, status: { state: "Cancelled", failure: { class: "Deleted", message: "the task was deleted" } } };
  return answer.status === 200 ? (JSON.parse(answer.text) as Task) : task;
}

function progressOf({ status = {} }: Task): Progress {
  const percentage = status.trainerStatus?.progressPercentage;
  const position = status.queue?.position;
  return {
    state: status.state ?? "Queued",
    ...(position === undefined ? {} : { position }),
    ...(percentage === undefined ? {} : { percentage }),
    ...(status.left === undefined ? {} : { left: status.left }),
    ...(status.score === undefined ? {} : { score: status.score }),
    ...(status.curve === undefined ? {} : { curve: status.curve }),
  };
}

function outcome({ metadata: { name }, status, links }: Task, apiUrl: string): string {
  if (status?.state !== "Succeeded") {
    const { class: reason = status?.state ?? "", message = "", advice = "" } = status?.failure ?? {};
    return `${name} has no model: ${[reason, message, advice].filter(Boolean).join(". ")}\n`;
  }
  const link = (what: string): string => new URL(links?.[what] ?? `/v1/tasks/${name}/${what}`, apiUrl).href;
  return (
    `${name} is trained: ${status.score ?? ""}  ${status.model?.sizeBytes ?? 0} bytes  ${status.model?.digest ?? ""}\n` +
    nextCalls({
      model: link("model"),
      report: link("report"),
      trials: links?.["trials"] === undefined ? undefined : link("trials"),
      logs: link("logs"),
      predict: link("predict"),
    })
  );
}

/** The lines of all tasks, redrawn in place on a terminal, else printed when they tell something new. */
class Screen {
  #drawn: string[] = [];
  readonly #out: FollowOptions["out"];
  constructor(out: FollowOptions["out"]) {
    this.#out = out;
  }
  draw(lines: string[]): void {
    if (this.#out.isTTY === true) {
      const up = this.#drawn.length > 0 ? `\u001b[${this.#drawn.length}A` : "";
      this.#out.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(""));
    } else {
      const state = (line: string | undefined): string =>
        line
          ?.split(/\s{2,}/)
          .slice(0, 3)
          .join(" ") ?? "";
      for (const [index, line] of lines.entries())
        if (state(line) !== state(this.#drawn[index])) this.#out.write(`${line}\n`);
    }
    this.#drawn = lines;
  }
}
