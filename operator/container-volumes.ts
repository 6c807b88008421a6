/**
 * The volumes that a container's task asks for, as a pod has them. They are named by their place in the list, for a task
 * knows them by where they are mounted. Fields are taken over one by one: what a task may ask for is decided here and in
 * its schema, not by what else a pod's volume could be.
 */
import type { Container, PodSpec } from "../kube/objects.ts";
import type { VolumeSpec } from "../traintask/container-volumes.ts";
import type { TaskView } from "./views.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];
type Mount = NonNullable<Container["volumeMounts"]>[number];

const nameOf = (index: number): string => `volume-${index}`;

export function containerVolumes({ spec }: TaskView): Volume[] {
  return (spec.trainer.container?.volumes ?? []).map((volume, index) => ({
    name: nameOf(index),
    ...sourceOf(volume),
  }));
}

export function containerMounts({ spec }: TaskView): Mount[] {
  return (spec.trainer.container?.volumes ?? []).map(({ mountPath, readOnly }, index) => ({
    name: nameOf(index),
    mountPath,
    readOnly,
  }));
}

function sourceOf({ emptyDir, configMap, secret, persistentVolumeClaim, readOnly }: VolumeSpec): Omit<Volume, "name"> {
  if (configMap !== undefined) return { configMap: { name: configMap.name, ...itemsOf(configMap) } };
  if (secret !== undefined) return { secret: { secretName: secret.secretName, ...itemsOf(secret) } };
  if (persistentVolumeClaim !== undefined) {
    // Read-only already as a volume: the kubelet then leaves owner and mode of its files as they are.
    return { persistentVolumeClaim: { claimName: persistentVolumeClaim.claimName, readOnly } };
  }
  const { medium, sizeLimit } = emptyDir ?? {};
  return {
    emptyDir: { ...(medium === undefined ? {} : { medium }), ...(sizeLimit === undefined ? {} : { sizeLimit }) },
  };
}

function itemsOf({ items }: NonNullable<VolumeSpec["configMap"] | VolumeSpec["secret"]>) {
  return items === undefined ? {} : { items: items.map(({ key, path }) => ({ key, path })) };
}
