/**
 * The allow-list of a training pod: every field that may stand in its template, with its value where that is fixed. What
 * is not written here must not be in a pod, whatever its task asks for.
 */
import type { PodTemplate } from "../../kube/objects.ts";
import { paths } from "../../traintask/contract.ts";
import { annotations, containerName, labels, secretPrefix } from "../../traintask/names.ts";

/** Any value, a fixed one that must be there, one that fits a pattern, a list, a map with any keys, or an object with these fields. */
type Allowed = "any" | { is: unknown } | RegExp | readonly [Allowed] | { each: Allowed } | { fields: Fields };
type Fields = { readonly [name: string]: Allowed };

const is = (value: unknown): Allowed => ({ is: value });
const map: Allowed = { each: "any" };
const items: Allowed = [{ fields: { key: "any", path: "any" } }];
const secret = new RegExp(`^${secretPrefix}`);

const requirements: Allowed = [{ fields: { key: "any", operator: "any", values: ["any"] } }];
const nodeTerm: Allowed = { fields: { matchExpressions: requirements } };
const podTerm: Allowed = {
  fields: { labelSelector: { fields: { matchLabels: map, matchExpressions: requirements } }, topologyKey: "any" },
};
const podTerms: Allowed = {
  fields: {
    requiredDuringSchedulingIgnoredDuringExecution: [podTerm],
    preferredDuringSchedulingIgnoredDuringExecution: [{ fields: { weight: "any", podAffinityTerm: podTerm } }],
  },
};
const affinity: Allowed = {
  fields: {
    nodeAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { fields: { nodeSelectorTerms: [nodeTerm] } },
        preferredDuringSchedulingIgnoredDuringExecution: [{ fields: { weight: "any", preference: nodeTerm } }],
      },
    },
    podAffinity: podTerms,
    podAntiAffinity: podTerms,
  },
};

const container: Allowed = {
  fields: {
    name: is(containerName),
    image: "any",
    command: ["any"],
    args: ["any"],
    workingDir: "any",
    env: [
      {
        fields: {
          name: /^(?!LD_)(?!NVIDIA_(?!VISIBLE_DEVICES$))/,
          value: "any",
          valueFrom: {
            fields: {
              secretKeyRef: { fields: { name: secret, key: "any", optional: "any" } },
              fieldRef: { fields: { fieldPath: is(`metadata.labels['${labels.completionIndex}']`) } },
            },
          },
        },
      },
    ],
    resources: { fields: { requests: map, limits: map } },
    terminationMessagePath: is(paths.terminationLog),
    terminationMessagePolicy: is("FallbackToLogsOnError"),
    securityContext: {
      fields: {
        allowPrivilegeEscalation: is(false),
        readOnlyRootFilesystem: is(true),
        capabilities: { fields: { drop: [is("ALL")] } },
      },
    },
    volumeMounts: [{ fields: { name: "any", mountPath: "any", readOnly: "any" } }],
  },
};

const volume: Allowed = {
  fields: {
    name: "any",
    emptyDir: { fields: { medium: /^Memory$/, sizeLimit: "any" } },
    configMap: { fields: { name: "any", items, optional: "any" } },
    secret: { fields: { secretName: secret, items } },
    persistentVolumeClaim: { fields: { claimName: "any", readOnly: "any" } },
    projected: {
      fields: {
        sources: [
          {
            fields: {
              serviceAccountToken: {
                fields: { audience: /^traintask\.dev\/namespaces\//, expirationSeconds: is(3600), path: is("token") },
              },
              downwardAPI: {
                fields: {
                  items: [
                    {
                      fields: {
                        path: "any",
                        fieldRef: { fields: { fieldPath: /^metadata\.annotations\['traintask\.dev\/[a-z]+'\]$/ } },
                      },
                    },
                  ],
                },
              },
            },
          },
        ],
      },
    },
  },
};

const template: Allowed = {
  fields: {
    metadata: {
      fields: {
        labels: {
          fields: Object.fromEntries(
            [labels.task, labels.taskUid, labels.attempt, labels.queue].map((key) => [key, "any"]),
          ),
        },
        annotations: {
          fields: Object.fromEntries([annotations.config, annotations.rows, annotations.ca].map((key) => [key, "any"])),
        },
      },
    },
    spec: {
      fields: {
        restartPolicy: is("Never"),
        terminationGracePeriodSeconds: "any",
        automountServiceAccountToken: is(false),
        enableServiceLinks: is(false),
        securityContext: {
          fields: {
            runAsNonRoot: is(true),
            runAsUser: "any",
            runAsGroup: "any",
            fsGroup: "any",
            seccompProfile: { fields: { type: is("RuntimeDefault") } },
          },
        },
        nodeSelector: map,
        tolerations: [
          { fields: { key: "any", operator: "any", value: "any", effect: "any", tolerationSeconds: "any" } },
        ],
        affinity,
        containers: [container],
        volumes: [volume],
      },
    },
  },
};

/** Paths of what stands in the template and is not allowed there, or is fixed and does not stand there. */
export function notAllowed(pod: PodTemplate): string[] {
  return outside(template, pod, "");
}

function outside(allowed: Allowed, value: unknown, path: string): string[] {
  if (allowed === "any") return [];
  if (allowed instanceof RegExp) return typeof value === "string" && allowed.test(value) ? [] : [path];
  if ("is" in allowed) return value === allowed.is ? [] : [path];
  if (isList(allowed)) {
    return Array.isArray(value) ? value.flatMap((item) => outside(allowed[0], item, `${path}[]`)) : [path];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  if ("each" in allowed) return entries.flatMap(([, part]) => outside(allowed.each, part, `${path}.*`));
  const missing = Object.entries(allowed.fields).filter(([name, one]) => isFixed(one) && !Object.hasOwn(value, name));
  const wrong = entries.flatMap(([name, part]) => {
    const field = Object.hasOwn(allowed.fields, name) ? allowed.fields[name] : undefined;
    return field === undefined ? [`${path}.${name}`] : outside(field, part, `${path}.${name}`);
  });
  return [...wrong, ...missing.map(([name]) => `${path}.${name}`)];
}

const isFixed = (allowed: Allowed): boolean => typeof allowed === "object" && "is" in allowed;
const isList = (allowed: Allowed): allowed is readonly [Allowed] => Array.isArray(allowed);
