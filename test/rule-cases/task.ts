/** Rules of a task as a whole: its name, what must not change, what one part asks of another, and its end. */
import {
  forest,
  container,
  aTask,
  task,
  named,
  synthetic,
  inContainer,
  change,
  status,
  complete,
  failed,
  notRunning,
  done,
  afterDone,
  type Case,
} from "./step.ts";

export const wholeTaskCases: Record<string, Case> = {
  "name is a DNS label": {
    bad: [named("a".repeat(64)), named("Iris"), named("a.b"), named("-a"), named("a-"), named("a\n")],
    good: [named("a"), named("a".repeat(63)), named("iris-1")],
  },
  "trainer is immutable": {
    bad: [change({}, { trainer: { randomForest: { nEstimators: 101 } } }), change({}, container)],
    good: [change({}, { trainer: { randomForest: { nEstimators: 100 } } })],
  },
  "dataset is immutable": {
    bad: [
      change({}, { dataset: { ...forest.dataset, target: "a" } }),
      { from: aTask(container), to: aTask({ ...container, dataset: forest.dataset }) },
      { from: aTask({ ...container, dataset: forest.dataset }), to: aTask(container) },
      change({}, { dataset: { ...forest.dataset, columns: [{ name: "a", type: "ignore" }] } }),
    ],
    good: [change({}, { dataset: { ...forest.dataset, testFraction: "0" } })],
  },
  "seed is immutable": { bad: [change({}, { seed: 1 }), change({ seed: 1 }, {})], good: [change({ seed: 0 }, {})] },
  "shards is immutable": {
    bad: [change({}, { shards: 2 }), change({ shards: 2 }, {})],
    good: [change({ shards: 1 }, {})],
  },
  "cancel cannot be taken back": {
    bad: [change({ cancel: true }, { cancel: false }), change({ cancel: true }, {})],
    good: [change({}, { cancel: true }), change({ cancel: true }, { cancel: true, suspend: true })],
  },
  "a built-in trainer needs a dataset": {
    bad: [task({ trainer: { randomForest: {} } }), task({ trainer: { search: {} } })],
    good: [task(forest), task(container), task({ ...forest, trainer: { search: {} } })],
  },
  "a built-in trainer needs a target": {
    bad: [task({ ...forest, dataset: { csv: "a\n1\n" } })],
    good: [task(forest), synthetic({}), task({ ...container, dataset: { csv: "a\n1\n" } })],
  },
  "a search counts every row alike": {
    bad: [task({ ...forest, trainer: { search: {} }, dataset: { ...forest.dataset, weight: "a" } })],
    good: [
      task({ ...forest, trainer: { search: {} } }),
      task({ ...forest, dataset: { ...forest.dataset, weight: "a" } }),
    ],
  },
  "a container generates its own data": {
    bad: [task({ ...container, dataset: { synthetic: {} } })],
    good: [task({ ...container, dataset: { csv: "a\n1\n" } }), synthetic({})],
  },
  "a container has resources of its own": {
    bad: [task({ ...container, resources: { limits: { cpu: "1" } } })],
    good: [
      task({ ...forest, resources: { limits: { cpu: "1" } } }),
      inContainer({ resources: { limits: { cpu: "1" } } }),
    ],
  },
  "finished is final": {
    bad: [
      afterDone({ state: "Running" }),
      afterDone({ state: undefined }),
      afterDone({ conditions: [] }),
      afterDone({ conditions: undefined }),
      afterDone({ conditions: [{ ...complete, status: "False" }] }),
      afterDone({ conditions: [failed] }),
      afterDone({ completionTime: "2026-01-02T03:04:06Z" }),
      afterDone({ completionTime: undefined }),
      { from: status(done), to: status({}) },
      {
        from: status({ state: "Failed", conditions: [failed] }),
        to: status({ state: "Running", conditions: [failed] }),
      },
    ],
    good: [
      afterDone({ logStored: true, left: undefined }),
      afterDone({ conditions: [complete, notRunning] }),
      { from: status({ state: "Queued" }), to: status(done) },
      { from: status({ state: "Running", conditions: [{ ...failed, status: "False" }] }), to: status(done) },
    ],
  },
  "a task ends once": {
    bad: [{ object: status({ conditions: [complete, failed] }) }, afterDone({ conditions: [complete, failed] })],
    good: [
      { object: status({ conditions: [failed] }) },
      { object: status({ conditions: [complete, { ...failed, status: "False" }] }) },
    ],
  },
};
