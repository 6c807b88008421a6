/**
 * Where the table comes from: text in the task, a dataset that the API keeps, a generator, or a file that is mounted
 * into the pod. All of them are CSV from here on.
 */
import type { CsvSource } from "../data/csv.ts";
import { syntheticCsv, syntheticProblemType, syntheticTarget } from "../data/synthetic.ts";
import type { TableOptions } from "../data/table.ts";
import { datasetUriPrefix } from "../traintask/names.ts";
import type { DatasetSpec } from "../traintask/spec.ts";
import { ConfigurationError } from "./errors.ts";

export interface TableSource {
  /** Opens it anew each time. */
  readonly open: () => CsvSource | Promise<CsvSource>;
  readonly options: TableOptions;
}

/** Opens the dataset `sha256:<hex>` of the API. */
export type OpenDataset = (digest: string) => CsvSource | Promise<CsvSource>;

/** How data is reached that is not in the task itself. */
export interface Sources {
  /** Stands for the task's own source. */
  readonly file?: () => CsvSource;
  readonly openDataset: OpenDataset;
  /** Opens the file of the ConfigMap or volume that the task names; in a pod alone. */
  readonly openMounted?: (dataset: DatasetSpec) => CsvSource;
}

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** @throws ConfigurationError unless exactly one source is named, one that we know, with a target */
export function tableSource(dataset: DatasetSpec, { file, openDataset, openMounted }: Sources): TableSource {
  const { csv, uri, synthetic, configMap, volume } = dataset;
  const named = [csv, uri, synthetic, configMap, volume].filter((source) => source !== undefined).length;
  if (file === undefined && named !== 1) {
    const sources = "csv, uri, synthetic, configMap and volume";
    throw new ConfigurationError(`spec.dataset needs exactly one of ${sources}; ${named} are there.`);
  }
  const { problemType, columns } = dataset;
  if (file === undefined && synthetic !== undefined) {
    return {
      open: () => syntheticCsv(synthetic),
      options: {
        target: dataset.target ?? syntheticTarget,
        problemType: problemType ?? syntheticProblemType(synthetic),
        columns,
      },
    };
  }
  if (dataset.target === undefined) {
    throw new ConfigurationError("spec.dataset.target is missing: name the column to predict.");
  }
  const options = { target: dataset.target, problemType, columns };
  if (file !== undefined) return { open: file, options };
  if (csv !== undefined) return { open: () => [csv], options };
  if (isMounted(dataset)) {
    if (openMounted === undefined) throw new ConfigurationError(notMounted(dataset));
    return { open: () => openMounted(dataset), options };
  }
  const digest = uri?.startsWith(datasetUriPrefix) === true ? uri.slice(datasetUriPrefix.length) : "";
  if (!digestPattern.test(digest)) {
    throw new ConfigurationError(`spec.dataset.uri: only ${datasetUriPrefix}<digest> is supported yet, not ${uri}.`);
  }
  return { open: () => openDataset(digest), options };
}

function notMounted(dataset: DatasetSpec): string {
  return `The task's data is the ${sourceName(dataset)} of a cluster. Give the rows as a file: --data rows.csv.`;
}

/** The table is a file that the pod finds mounted. */
export function isMounted({ configMap, volume }: DatasetSpec): boolean {
  return configMap !== undefined || volume !== undefined;
}

/** The source in words, for the log and for what is said of it. */
export function sourceName({ csv, uri, synthetic, configMap, volume }: DatasetSpec): string {
  if (synthetic !== undefined) return `synthetic data (${synthetic.kind})`;
  if (configMap !== undefined) return `key "${configMap.key}" of ConfigMap "${configMap.name}"`;
  if (volume !== undefined) return `file ${JSON.stringify(volume.path)} of claim "${volume.claimName}"`;
  return csv === undefined ? String(uri) : "the task's own CSV";
}
