/** What is said of a task's source of data, without opening it. */
import type { DatasetSpec } from "../traintask/dataset.ts";

/** The table is a file that the pod finds mounted. */
export function isMounted({ configMap, volume }: DatasetSpec): boolean {
  return configMap !== undefined || volume !== undefined;
}

/** The source in words, for the log and for what is said of it. */
export function sourceName({ csv, uri, synthetic, configMap, volume }: DatasetSpec): string {
  if (synthetic !== undefined) return `synthetic data (${synthetic.kind})`;
  if (configMap !== undefined) return `key "${configMap.key}" of ConfigMap "${configMap.name}"`;
  if (volume !== undefined) return `file ${JSON.stringify(volume.path)} of claim "${volume.claimName}"`;
  return csv === undefined ? shownUri(String(uri)) : "the task's own CSV";
}

/** An address as it may be shown: what stands behind `?` may be a key. */
export function shownUri(uri: string): string {
  return uri.replace(/\?.*$/s, "?…");
}
