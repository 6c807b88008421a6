/** Guards of people's own containers, wherever they stand: each one, removed, must turn its test red. */
import type { Guard } from "./guard.ts";

const operator = (name: string): string => `operator/${name}.test.ts`;
const models = "api/container-model.test.ts";
const closed = "test/operator/closed-namespace.test.ts";

export const guards: Guard[] = [
  {
    name: "no Job is made of a container in TrainTask's own namespace",
    file: "operator/create-job.ts",
    find: "if (closed !== undefined) return closed;",
    replace: "",
    test: closed,
  },
  {
    name: "nor of a trainer with a volume",
    file: "operator/closed-namespace.ts",
    find: " && spec.dataset?.volume === undefined",
    replace: "",
    test: closed,
  },
  {
    name: "a container that asks for no device sees no GPU",
    file: "operator/pod-environment.ts",
    find: '[{ name: "NVIDIA_VISIBLE_DEVICES", value: "void" }]',
    replace: "[]",
    test: operator("job"),
  },
  {
    name: "a container that announced a model does not end without it",
    file: "operator/over.ts",
    find: "if (!announcesModel(observed.task)) return complete(observed, now);",
    replace: "return complete(observed, now);",
    test: operator("plan"),
  },
  {
    name: "a model that an earlier attempt lacked is not held against this one",
    file: "operator/over.ts",
    find: "return modelMissingInAttempt === job.attempt ?",
    replace: "return modelMissingInAttempt !== undefined ?",
    test: operator("plan"),
  },
  {
    name: "what never started has not run since 1970",
    file: "operator/termination.ts",
    find: "instant(terminated.startedAt) || undefined",
    replace: "instant(terminated.startedAt)",
    test: operator("failure"),
  },
  {
    name: "a command that is not there is a wrong configuration",
    file: "operator/failure.ts",
    find: 'if (hasNotStarted(end)) return "ContainerConfigError";',
    replace: "",
    test: operator("failure"),
  },
  {
    name: "the Events of a pod are read only for volumes that somebody else makes",
    file: "operator/unmounted.ts",
    find: "if (!mountsByName(observed.task)) return undefined;",
    replace: "",
    test: operator("unmounted"),
  },
  {
    name: "a beginning of another model is not taken for the whole of this one",
    file: "api/endpoints/put-model.ts",
    find: "if (!state.done || state.length !== sizeBytes) throw otherModel(state.length);",
    replace: "",
    test: models,
  },
  {
    name: "a model that is not what its digest says does not count",
    file: "api/endpoints/put-model.ts",
    find: 'throw wrongDigest("The body does not have the digest that came with it. Send it again.");',
    replace: "held.fill(held);",
    test: models,
  },
  {
    name: "a pod uploads a model only where the task announces one",
    file: "api/stream-path.ts",
    find: "if (spec.trainer.container?.model === undefined)",
    replace: "if (spec.trainer.container === undefined)",
    test: models,
  },
  {
    name: "what one pod left half done is in no other's way",
    file: "api/stream-path.ts",
    find: 'return { task: metadata.uid, stream: "model", name: podPartName(pod) };',
    replace: 'return { task: metadata.uid, stream: "model", name: "1.same" };',
    test: models,
  },
  {
    name: "half an upload is no model",
    file: "api/sealing/seal.ts",
    find: ".filter(({ done, length }) => done && length > 0)",
    replace: ".filter(({ length }) => length > 0)",
    test: models,
  },
  {
    name: "a container's model is sealed only when no other pod can upload another one",
    file: "api/sealing/loop.ts",
    find: "if (job?.isComplete !== true && !hasEnded) return undefined;",
    replace: "",
    test: models,
  },
  {
    name: "a container's model is never shown as a page",
    file: "api/endpoints/get-model.ts",
    find: "if (container !== undefined) response.attachment(task.metadata.name);",
    replace: "",
    test: models,
  },
  {
    name: "a container's last word is written before its pod is gone",
    file: "api/live-progress.ts",
    find: "if (wait > 0 && !isDone(task, word.said.get(0)))",
    replace: "if (wait > 0)",
    test: "api/live-progress.test.ts",
  },
  {
    name: "the chart's policy asks for a volume as well as for a container",
    file: "deploy/helm/traintask/templates/container-policy.yaml",
    find: " && !(has(object.spec.dataset) && has(object.spec.dataset.volume))",
    replace: "",
    test: "test/chart/container-policy.test.ts",
  },
];
