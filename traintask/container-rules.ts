/**
 * CEL rules of a container of the user's own: who may submit one may make pods, but only pods that stay within their
 * namespace, run what they say, and leave to TrainTask what is TrainTask's. What a Job would refuse is refused here.
 */
import { secretPrefix } from "./names.ts";
import { type Rule, exactlyOne } from "./rule.ts";
import { labelKeyPattern } from "./text.ts";

const secretsMessage = `only secrets whose names begin with ${secretPrefix} may be used: others are not meant for tasks`;

/** Taken by TrainTask's own mounts or by the container runtime; those that end with / with everything below them. */
const takenPaths = ["/tmp", "/home", "/home/trainer", "/var", "/var/run", "/run", "/dev", "/proc", "/sys"];
const takenTrees = ["/var/run/", "/run/", "/proc/", "/sys/"];

export const containerRules: readonly Rule[] = [
  {
    name: "reserved environment",
    at: "spec.trainer.container.env.[]",
    rule: "!self.name.startsWith('TRAINTASK_') && !self.name.startsWith('KUBEFLOW_TRAINER_SERVER_')",
    message: "names that begin with TRAINTASK_ or KUBEFLOW_TRAINER_SERVER_ are set by TrainTask",
    fieldPath: ".name",
    reason: "FieldValueForbidden",
  },
  {
    name: "environment of the loader and of devices",
    at: "spec.trainer.container.env.[]",
    rule: "!self.name.startsWith('LD_') && !self.name.startsWith('NVIDIA_')",
    message:
      "names that begin with LD_ or NVIDIA_ are not allowed: they decide what code is loaded and which GPUs are seen; " +
      "ask for GPUs in resources.limits",
    fieldPath: ".name",
    reason: "FieldValueForbidden",
  },
  {
    name: "a variable has one source",
    at: "spec.trainer.container.env.[]",
    rule: "!has(self.value) || !has(self.valueFrom)",
    message: "give either value or valueFrom, not both",
    fieldPath: ".valueFrom",
  },
  {
    name: "variables come from secrets meant for tasks",
    at: "spec.trainer.container.env.[].valueFrom.secretKeyRef",
    rule: `self.name.startsWith('${secretPrefix}')`,
    message: secretsMessage,
    fieldPath: ".name",
    reason: "FieldValueForbidden",
  },
  {
    name: "a volume is of one kind",
    at: "spec.trainer.container.volumes.[]",
    rule: exactlyOne(["emptyDir", "configMap", "secret", "persistentVolumeClaim"]),
    message: "exactly one kind of volume must be given: emptyDir, configMap, secret or persistentVolumeClaim",
  },
  {
    name: "files come from secrets meant for tasks",
    at: "spec.trainer.container.volumes.[].secret",
    rule: `self.secretName.startsWith('${secretPrefix}')`,
    message: secretsMessage,
    fieldPath: ".secretName",
    reason: "FieldValueForbidden",
  },
  {
    name: "a mount path is free",
    at: "spec.trainer.container.volumes.[]",
    rule: [
      `!(self.mountPath in [${takenPaths.map((path) => `'${path}'`).join(", ")}])`,
      ...takenTrees.map((path) => `!self.mountPath.startsWith('${path}')`),
    ].join(" && "),
    message:
      "mountPath is taken: /tmp and /home/trainer are writable already, and TrainTask or the container runtime use " +
      "/var/run, /run, /dev, /proc and /sys; choose another one, such as /data",
    fieldPath: ".mountPath",
    reason: "FieldValueForbidden",
  },
  {
    name: "nodeSelector has label keys",
    at: "spec.trainer.container.nodeSelector",
    rule: `self.all(key, key.size() <= 317 && key.matches('${labelKeyPattern}'))`,
    message: "keys of nodeSelector must be label keys, such as kubernetes.io/arch",
  },
  {
    name: "a toleration without a key tolerates all",
    at: "spec.trainer.container.tolerations.[]",
    rule: "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
    message: "a toleration without a key needs operator Exists",
    fieldPath: ".operator",
  },
  {
    name: "Exists compares no value",
    at: "spec.trainer.container.tolerations.[]",
    rule: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
    message: "operator Exists compares no value",
    fieldPath: ".value",
  },
  {
    name: "tolerationSeconds belongs to NoExecute",
    at: "spec.trainer.container.tolerations.[]",
    rule: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    message: "tolerationSeconds needs effect NoExecute",
    fieldPath: ".tolerationSeconds",
  },
];
