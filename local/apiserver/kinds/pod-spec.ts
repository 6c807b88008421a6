/** The defaults of a pod's spec, as Kubernetes sets them in pods and in templates of pods. */
import type { Container, PodSpec } from "../../../kube/objects.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];
type EnvVar = NonNullable<Container["env"]>[number];

/** @returns a copy with defaults; what was set stays */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    securityContext: {},
    enableServiceLinks: true,
    ...spec,
    ...(spec.containers === undefined ? {} : { containers: spec.containers.map(defaultContainer) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(defaultContainer) }),
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(defaultVolume) }),
  };
}

function defaultContainer(container: Container): Container {
  const { image = "", resources = {}, env } = container;
  const latest = !/[:@][^/]*$/.test(image) || image.endsWith(":latest");
  return {
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...container,
    resources,
    ...(env === undefined ? {} : { env: env.map(defaultEnv) }),
  };
}

function defaultEnv(variable: EnvVar): EnvVar {
  const fieldRef = variable.valueFrom?.fieldRef;
  if (fieldRef === undefined) return variable;
  return { ...variable, valueFrom: { ...variable.valueFrom, fieldRef: { apiVersion: "v1", ...fieldRef } } };
}

const mode = { defaultMode: 0o644 };
const defaultItem = <T extends { fieldRef?: { apiVersion?: string; fieldPath: string } }>(item: T): T =>
  item.fieldRef === undefined ? item : { ...item, fieldRef: { apiVersion: "v1", ...item.fieldRef } };

function defaultVolume(volume: Volume): Volume {
  const { projected, configMap, secret, downwardAPI } = volume;
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: { ...mode, ...configMap } }),
    ...(secret === undefined ? {} : { secret: { ...mode, ...secret } }),
    ...(downwardAPI === undefined
      ? {}
      : { downwardAPI: { ...mode, ...downwardAPI, items: (downwardAPI.items ?? []).map(defaultItem) } }),
    ...(projected === undefined
      ? {}
      : { projected: { ...mode, ...projected, sources: (projected.sources ?? []).map(defaultSource) } }),
  };
}

type Source = NonNullable<NonNullable<Volume["projected"]>["sources"]>[number];

function defaultSource(source: Source): Source {
  const { serviceAccountToken: token, downwardAPI } = source;
  return {
    ...source,
    ...(token === undefined ? {} : { serviceAccountToken: { expirationSeconds: 3600, ...token } }),
    ...(downwardAPI === undefined
      ? {}
      : { downwardAPI: { ...downwardAPI, items: (downwardAPI.items ?? []).map(defaultItem) } }),
  };
}
