/** Pods of generated tasks, and everything that is asked of each, for tables of any length. */
import fc from "fast-check";
import type { PodTemplate } from "../../kube/objects.ts";
import { buildJob } from "../../operator/job.ts";
import { projectTask } from "../../operator/project.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { laxities, violations } from "../chart/restricted.ts";
import { notAllowed } from "./allowed-pod.ts";
import { anySpec, fieldsOf, pathsIn, specNode } from "./specs.ts";
import { accepted } from "./verdict.ts";

const settings = { apiUrl: "https://api:443", ca: "-----BEGIN", trainerImage: "trainer:1", maxModelBytes: 1 };

export function podOf(task: TrainTask): PodTemplate {
  const { template } = buildJob(projectTask(structuredClone(task)), 1, settings).spec ?? {};
  if (template === undefined) throw new Error("a Job has a template");
  return template;
}

/** What is wrong with the pod of an accepted task; empty if nothing is. */
export function wrongWith(task: TrainTask): string[] {
  const { metadata, spec } = podOf(task);
  if (spec === undefined) return ["has no spec"];
  const own = task.spec.trainer.container === undefined;
  return [
    ...violations(spec, metadata?.annotations),
    // Which image a container runs is for its task to say.
    ...laxities(spec).filter((what) => own || !what.endsWith("tag or digest")),
    ...notAllowed({ metadata, spec } as PodTemplate),
    ...twice(spec.volumes ?? [], "name"),
    ...(spec.containers.length === 1 ? [] : ["has not one container"]),
    ...spec.containers.flatMap(({ env = [], volumeMounts = [] }) => [
      ...twice(env, "name"),
      ...twice(volumeMounts, "mountPath"),
    ]),
  ];
}

function twice<Key extends string>(list: readonly { [K in Key]: string }[], key: Key): string[] {
  const values = list.map((one) => one[key]);
  return values.filter((value, index) => values.indexOf(value) < index).map((value) => `${key} ${value} stands twice`);
}

export interface Tally {
  /** Fields that no accepted spec had. */
  readonly missing: string[];
  readonly tasks: number;
  readonly containers: number;
}

/** Draws until so many tasks were accepted, and checks the pod of each. @throws fast-check's error with the smallest spec */
export function checkPods(count: number, seed: number): Tally {
  const missing = new Set(fieldsOf(specNode, "spec"));
  let [tasks, containers] = [0, 0];
  const property = fc.property(anySpec, (spec) => {
    const task = accepted(spec);
    fc.pre(task !== undefined);
    tasks += 1;
    if (task.spec.trainer.container !== undefined) containers += 1;
    for (const path of missing.size === 0 ? [] : pathsIn(spec, "spec")) missing.delete(path);
    const wrong = wrongWith(task);
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  });
  fc.assert(property, { numRuns: count, seed, maxSkipsPerRun: 3 });
  return { missing: [...missing], tasks, containers };
}
