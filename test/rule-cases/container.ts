/** Rules of what a container may ask of its pod: environment, volumes, devices, affinity. */
import { forest, inContainer, task, type Case, type Step, type Tree } from "./step.ts";

const env = (...variables: Tree[]): Step => inContainer({ env: variables });
const secretKey = (name: string): Tree => ({ secretKeyRef: { name, key: "token" } });
const volume = (part: Tree): Step => inContainer({ volumes: [{ mountPath: "/data", emptyDir: {}, ...part }] });
const mountedAt = (...paths: string[]): Step =>
  inContainer({ volumes: paths.map((mountPath) => ({ mountPath, emptyDir: {} })) });
const secret = (secretName: string): Step => inContainer({ volumes: [{ mountPath: "/data", secret: { secretName } }] });

const forContainer: Record<string, Case> = {
  "environment of the loader and of devices": {
    bad: [
      env({ name: "LD_PRELOAD", value: "/tmp/x.so" }),
      env({ name: "A" }, { name: "LD_LIBRARY_PATH" }),
      env({ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }),
      env({ name: "NVIDIA_DRIVER_CAPABILITIES", valueFrom: secretKey("traintask-x") }),
    ],
    good: [env({ name: "LDFLAGS" }, { name: "MY_LD_PRELOAD" }, { name: "CUDA_VISIBLE_DEVICES", value: "0" })],
  },
  "a variable has one source": {
    bad: [
      env({ name: "A", value: "x", valueFrom: secretKey("traintask-x") }),
      env({ name: "A", value: "", valueFrom: secretKey("traintask-x") }),
    ],
    good: [env({ name: "A" }, { name: "B", value: "x" }, { name: "C", valueFrom: secretKey("traintask-x") })],
  },
  "variables come from secrets meant for tasks": {
    bad: [
      env({ name: "A", valueFrom: secretKey("database") }),
      env({ name: "A", valueFrom: secretKey("my-traintask-key") }),
    ],
    good: [env({ name: "A", valueFrom: secretKey("traintask-key") })],
  },
  "files come from secrets meant for tasks": {
    bad: [secret("database"), secret("traintask")],
    good: [secret("traintask-key")],
  },
  "a volume is of one kind": {
    bad: [
      inContainer({ volumes: [{ mountPath: "/data" }] }),
      volume({ configMap: { name: "a" } }),
      volume({ persistentVolumeClaim: { claimName: "a" } }),
    ],
    good: [
      volume({}),
      inContainer({ volumes: [{ mountPath: "/data", persistentVolumeClaim: { claimName: "a" }, readOnly: true }] }),
    ],
  },
  "a mount path is free": {
    bad: [
      mountedAt("/home/trainer"),
      ...["/tmp", "/home", "/var", "/var/run", "/run", "/dev", "/proc", "/sys"].map((path) => mountedAt("/data", path)),
      ...["/var/run/secrets/traintask.dev", "/run/secrets", "/proc/sys", "/sys/fs"].map((path) => mountedAt(path)),
    ],
    good: [mountedAt("/data", "/tmp/x", "/home/trainer/.cache", "/home/me", "/dev/shm", "/var/lib/x", "/running")],
  },
};

const devices = (at: string): Record<string, Case> => {
  const asking = (resources: Tree): Step =>
    at === "spec.resources" ? task({ ...forest, resources }) : inContainer({ resources });
  const limits = { "nvidia.com/gpu": "1" };
  return {
    [`devices of ${at} are whole`]: {
      bad: ["0.5", "500m", "1Ki"].map((gpus) => asking({ limits: { "nvidia.com/gpu": gpus } })),
      good: [asking({ limits: { cpu: "0.5", "nvidia.com/gpu": "2" } })],
    },
    [`devices of ${at} are limits`]: {
      bad: [
        asking({ requests: limits }),
        asking({ requests: limits, limits: { cpu: "1" } }),
        asking({ requests: { "nvidia.com/gpu": "2" }, limits }),
      ],
      good: [
        asking({ limits }),
        asking({ requests: limits, limits }),
        asking({ requests: { cpu: "1" }, limits: { cpu: "2" } }),
      ],
    },
  };
};

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const affinity = "spec.trainer.container.affinity";
const inAffinity = (kind: string, part: Tree): Step => inContainer({ affinity: { [kind]: part } });

/** Each place of a selector, and how a spec has one there. */
const nodePlaces: Record<string, (term: Tree) => Step> = {
  [`${affinity}.nodeAffinity.${required}.nodeSelectorTerms.[]`]: (term) =>
    inAffinity("nodeAffinity", { [required]: { nodeSelectorTerms: [term] } }),
  [`${affinity}.nodeAffinity.${preferred}.[].preference`]: (preference) =>
    inAffinity("nodeAffinity", { [preferred]: [{ weight: 1, preference }] }),
};
const topologyKey = "kubernetes.io/hostname";
const podPlaces: Record<string, (selector: Tree) => Step> = Object.fromEntries(
  ["podAffinity", "podAntiAffinity"].flatMap((kind): [string, (selector: Tree) => Step][] => [
    [
      `${affinity}.${kind}.${required}.[].labelSelector`,
      (labelSelector) => inAffinity(kind, { [required]: [{ topologyKey, labelSelector }] }),
    ],
    [
      `${affinity}.${kind}.${preferred}.[].podAffinityTerm.labelSelector`,
      (labelSelector) =>
        inAffinity(kind, { [preferred]: [{ weight: 1, podAffinityTerm: { topologyKey, labelSelector } }] }),
    ],
  ]),
);

const expression = (operator: string, ...values: string[]): Tree => ({
  matchExpressions: [{ key: "disk", operator, ...(values.length === 0 ? {} : { values }) }],
});

const inAffinities: Record<string, Case> = Object.fromEntries([
  ...Object.entries({ ...nodePlaces, ...podPlaces }).map(([at, step]): [string, Case] => [
    `values of ${at}`,
    {
      bad: [expression("In"), expression("NotIn"), expression("Exists", "x"), expression("DoesNotExist", "x")].map(
        step,
      ),
      good: [expression("In", "ssd", "nvme"), expression("NotIn", "hdd"), expression("Exists")].map(step),
    },
  ]),
  ...Object.entries(nodePlaces).map(([at, step]): [string, Case] => [
    `numbers of ${at}`,
    {
      bad: [expression("Gt", "many"), expression("Lt", "1", "2")].map(step),
      good: [expression("Gt", "1"), expression("In", "many")].map(step),
    },
  ]),
  ...Object.entries(podPlaces).map(([at, step]): [string, Case] => [
    `keys of ${at}`,
    {
      bad: [{ matchLabels: { "a b": "x" } }, { matchLabels: { app: "x", "/app": "x" } }].map(step),
      good: [{ matchLabels: { "app.kubernetes.io/name": "x", app: "" } }, {}].map(step),
    },
  ]),
]);

export const containerCases: Record<string, Case> = {
  ...forContainer,
  ...devices("spec.resources"),
  ...devices("spec.trainer.container.resources"),
  ...inAffinities,
};
