/** What `npm start` prints once it is ready: what runs where, and what to type next. Pure text. */

export interface Greeting {
  readonly version: string;
  readonly apiUrl: string;
  readonly kubeconfig: string;
  readonly dataDir: string;
  readonly maxRunning: number;
  /** Needed for container tasks over HTTP; absent where they are not allowed. */
  readonly containerToken?: string;
}

export function greeting(of: Greeting): string {
  const rows: [string, string][] = [
    ["HTTP API", `${of.apiUrl}    tasks, counts, logs, models`],
    ["Kubernetes API", `kubectl --kubeconfig ${of.kubeconfig} get tt`],
    ["State", `${of.dataDir}    (stop the program and delete it to start afresh)`],
    [
      "Training",
      `child processes of this one, ${of.maxRunning === 1 ? "one task" : `${of.maxRunning} tasks`} at a time`,
    ],
    [
      "Container tasks",
      of.containerToken === undefined
        ? "refused; --allow-host-commands lets them run on this machine"
        : `run on this machine as you; over HTTP with -H 'authorization: Bearer ${of.containerToken}'`,
    ],
  ];
  return [
    `TrainTask ${of.version} is ready. No cluster and no Docker are involved: everything runs on this machine.`,
    "",
    ...rows.map(([name, text]) => `  ${name.padEnd(16)} ${text}`),
    "",
    "Train your first model:",
    "",
    `  curl --data-binary @examples/01-first-task/task.yaml -H 'content-type: application/yaml' ${of.apiUrl}/v1/tasks`,
    "",
    "Ctrl-C stops; what is under way goes on at the next start.",
    "",
  ].join("\n");
}

export interface Progress {
  readonly state: string;
  readonly position?: number;
  readonly percentage?: number;
  readonly left?: string;
  readonly score?: string;
  readonly curve?: string;
}

/** One line that says how far a task is, e.g. `iris  Running    [######----]  60 %  2s left  acc 0.953  ▁▄▇█`. */
export function progressLine(name: string, { state, position, percentage, left, score, curve }: Progress): string {
  const width = 20;
  const filled = Math.round(((percentage ?? 0) / 100) * width);
  return [
    `  ${name}`,
    state.padEnd(9),
    `[${"#".repeat(filled)}${"-".repeat(width - filled)}]`,
    `${String(percentage ?? 0).padStart(3)} %`,
    position === undefined ? undefined : `place ${position} in the queue`,
    left === undefined ? undefined : `${left} left`,
    score,
    curve,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("  ");
}

export interface NextCalls extends Readonly<Record<"model" | "report" | "logs" | "predict", string>> {
  /** Of a search. */
  readonly trials?: string | undefined;
}

/** What to type once a task has a model. */
export function nextCalls(links: NextCalls): string {
  return [
    `  the model     curl -o model.jsonl '${links.model}'`,
    `  its scores    curl '${links.report}'`,
    ...(links.trials === undefined ? [] : [`  its trials    curl -H 'accept: text/csv' '${links.trials}'`]),
    `  its log       curl '${links.logs}'`,
    `  predictions   curl -H 'content-type: text/csv' --data-binary @rows.csv '${links.predict}'`,
    "",
  ].join("\n");
}
