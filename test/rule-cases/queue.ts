/** Rules of a TrainQueue. */
import type { Case, Step, Tree } from "./step.ts";

const aQueue = (spec: Tree): Tree => ({ metadata: { name: "a-queue-of-rules" }, spec });
const queue = (spec: Tree, name = "a-queue-of-rules"): Step => ({ object: { metadata: { name }, spec } });
export const queueCases: Record<string, Case> = {
  "name is a DNS label": { bad: [queue({}, "a.b"), queue({}, "a".repeat(64))], good: [queue({})] },
  "controllerName is immutable": {
    bad: [
      { from: aQueue({}), to: aQueue({ controllerName: "example.org/other" }) },
      { from: aQueue({ controllerName: "example.org/other" }), to: aQueue({}) },
    ],
    good: [{ from: aQueue({}), to: aQueue({ maxRunning: 1 }) }],
  },
  "spec.maxRunningPerNamespace is not supported yet": {
    bad: [queue({ maxRunningPerNamespace: 1 })],
    good: [queue({})],
  },
  "spec.stopPolicy is not supported yet": {
    bad: [queue({ stopPolicy: "Hold" }), queue({ stopPolicy: "HoldAndDrain" })],
    good: [queue({ stopPolicy: "None" })],
  },
};
