/**
 * The two CustomResourceDefinitions as plain objects: structural schemas from Zod, rules and refusals written into
 * them, and what `kubectl get` prints. `npm run generate` writes them into the chart.
 */
import { trainQueueLater, trainTaskLater } from "./later.ts";
import { group, trainQueues, trainTasks, version } from "./names.ts";
import { queueSpecSchema, queueStatusSchema } from "./queue.ts";
import type { Rule } from "./rule.ts";
import { trainQueueRules, trainTaskRules } from "./rules.ts";
import { specSchema } from "./spec.ts";
import { statusSchema } from "./status.ts";
import { addRules, type Structural, structural } from "./structural.ts";

export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** 0, the default, is always shown; 1 only with `-o wide`. */
  readonly priority?: number;
}

/** A resource as people meet it: its words, its columns, its schema. */
export interface Definition {
  readonly names: { readonly plural: string; readonly kind: string; readonly namespaced: boolean };
  readonly shortName: string;
  readonly columns: readonly PrinterColumn[];
  readonly schema: Structural;
}

const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Time since it was created",
};

const taskColumns: readonly PrinterColumn[] = [
  { name: "State", type: "string", jsonPath: ".status.state", description: "Where it stands, in one word" },
  { name: "Pos", type: "integer", jsonPath: ".status.queue.position", description: "Place in the queue" },
  {
    name: "Progress",
    type: "integer",
    jsonPath: ".status.trainerStatus.progressPercentage",
    description: "How much is done, in percent",
  },
  { name: "Left", type: "string", jsonPath: ".status.left", description: "Time left" },
  { name: "Score", type: "string", jsonPath: ".status.score", description: "The main metric" },
  { name: "Curve", type: "string", jsonPath: ".status.curve", description: "The learning curve" },
  age,
  { name: "Queue", type: "string", jsonPath: ".spec.queue", description: "Its queue", priority: 1 },
  { name: "Priority", type: "integer", jsonPath: ".spec.priority", description: "Its priority", priority: 1 },
  { name: "Attempt", type: "integer", jsonPath: ".status.attempt", description: "The attempt", priority: 1 },
];

const queueColumns: readonly PrinterColumn[] = [
  { name: "Queued", type: "integer", jsonPath: ".status.queued", description: "Tasks that wait for a slot" },
  { name: "Running", type: "integer", jsonPath: ".status.running", description: "Tasks that hold a slot" },
  { name: "Max", type: "integer", jsonPath: ".spec.maxRunning", description: "Tasks that may hold a slot at once" },
  age,
  { name: "Controller", type: "string", jsonPath: ".spec.controllerName", description: "Who serves it", priority: 1 },
];

/** What every object has, in the words of `kubectl explain`. */
function object(description: string, parts: { spec: Structural; status: Structural; required: string[] }): Structural {
  const { spec, status, required } = parts;
  return {
    type: "object",
    description,
    ...(required.length === 0 ? {} : { required }),
    properties: {
      apiVersion: { type: "string", description: "Version of the schema of this object" },
      kind: { type: "string", description: "The kind of this object" },
      metadata: { type: "object" },
      spec,
      status,
    },
  };
}

function withRules(schema: Structural, rules: readonly Rule[]): Structural {
  addRules(schema, rules);
  return schema;
}

/** @returns a new object each time, so that no caller can change what another one sees */
export function trainTaskDefinition(): Definition {
  const schema = object("A model to train, and how far that is.", {
    spec: structural(specSchema),
    status: { ...structural(statusSchema), default: { state: "Queued" } },
    required: ["spec"],
  });
  return {
    names: trainTasks,
    shortName: "tt",
    columns: taskColumns,
    schema: withRules(schema, [...trainTaskRules, ...trainTaskLater]),
  };
}

/** @returns a new object each time, so that no caller can change what another one sees */
export function trainQueueDefinition(): Definition {
  const schema = object("A queue of TrainTasks: how many of them may run at once.", {
    spec: { ...structural(queueSpecSchema), default: {} },
    status: structural(queueStatusSchema),
    required: [],
  });
  return {
    names: trainQueues,
    shortName: "tq",
    columns: queueColumns,
    schema: withRules(schema, [...trainQueueRules, ...trainQueueLater]),
  };
}

/** The object that `kubectl apply` and Helm install. */
export function customResourceDefinition({ names, shortName, columns, schema }: Definition): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope: names.namespaced ? "Namespaced" : "Cluster",
      names: {
        kind: names.kind,
        listKind: `${names.kind}List`,
        plural: names.plural,
        singular: names.kind.toLowerCase(),
        shortNames: [shortName],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
