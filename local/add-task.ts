/**
 * The task file that GET /AddTask submits. It is judged before anything is started, by the very rules that will judge
 * each call, so that a slip of the pen is told to the one who starts the program and not to those who use it.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject } from "../kube/objects.ts";
import { apiVersion, trainTasks } from "../traintask/names.ts";
import type { TrainTaskManifest } from "../traintask/task.ts";
import { isObject } from "./apiserver/admission/structure.ts";
import { createApiServer } from "./apiserver/server.ts";
import { readCrds } from "./cluster.ts";
import { ConfigurationError } from "./configuration.ts";

type Template = Pick<TrainTaskManifest, "spec" | "metadata">;

/** @throws ConfigurationError that names the file, and the field if it is one */
export function readAddTask(file: string, machine: { clock: Clock; log: Log }): Template {
  try {
    const template: unknown = parse(readFileSync(file, "utf8"));
    if (!isObject(template) || (template["kind"] ?? trainTasks.kind) !== trainTasks.kind)
      throw new Error(`it holds no ${trainTasks.kind}`);
    requireAcceptable(template, machine);
    return template as unknown as Template;
  } catch (cause) {
    const [why = ""] = (cause as Error).message.split(/:?\n/, 1);
    throw new ConfigurationError(`--add-task ${file} cannot be used: ${why}`, { cause });
  }
}

/** Creates the task in an API server of its own, which is forgotten at once. */
function requireAcceptable(template: KubeObject, machine: { clock: Clock; log: Log }): void {
  const server = createApiServer({ databasePath: ":memory:", ...machine, crds: readCrds() });
  try {
    const metadata = { name: "addtask", ...template.metadata, namespace: "default" };
    server.registry.create<KubeObject>(trainTasks, { apiVersion, kind: trainTasks.kind, ...template, metadata });
  } finally {
    server.close();
  }
}
