/**
 * Where the table comes from: text in the task, a dataset that the API keeps, the web, a generator, or a file that is
 * mounted into the pod. All of them are plain CSV from here on.
 */
import type { CsvSource } from "../data/csv.ts";
import { inflated } from "../data/inflate.ts";
import { syntheticCsv, syntheticProblemType, syntheticTarget } from "../data/synthetic.ts";
import type { TableOptions } from "../data/table.ts";
import type { PodConfig } from "../traintask/pod-config.ts";
import { datasetUriPrefix } from "../traintask/names.ts";
import type { DatasetSpec } from "../traintask/dataset.ts";
import { ConfigurationError } from "./errors.ts";
import type { HttpsOptions } from "./https-source.ts";
import { isMounted, shownUri, sourceName } from "./source-name.ts";

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
  /** Opens an https address; `httpsTable` if absent. */
  readonly openHttps?: (uri: string, options: HttpsOptions) => CsvSource | Promise<CsvSource>;
}

export type SourceConfig = Pick<PodConfig, "dataset" | "allowPrivateAddresses">;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** @throws ConfigurationError unless exactly one source is named, one that we know, with a target that is no weight */
export function tableSource(config: SourceConfig, sources: Sources): TableSource {
  const { dataset } = config;
  const { file } = sources;
  checkNames(dataset, sources);
  const { synthetic, problemType, columns, weight, format } = dataset;
  if (file === undefined && synthetic !== undefined) {
    if (format !== undefined)
      throw new ConfigurationError("spec.dataset.format: synthetic data is written in no other.");
    const target = dataset.target ?? syntheticTarget;
    return {
      open: () => syntheticCsv(synthetic),
      options: { target, problemType: problemType ?? syntheticProblemType(synthetic), columns, weight },
    };
  }
  if (dataset.target === undefined) {
    throw new ConfigurationError("spec.dataset.target is missing: name the column to predict.");
  }
  const open = opener(config, sources);
  return {
    open: async () => inflated(await open()),
    options: { target: dataset.target, problemType, columns, weight, format },
  };
}

function checkNames({ csv, uri, synthetic, configMap, volume, ...dataset }: DatasetSpec, { file }: Sources): void {
  const named = [csv, uri, synthetic, configMap, volume].filter((source) => source !== undefined).length;
  if (file === undefined && named !== 1) {
    const sources = "csv, uri, synthetic, configMap and volume";
    throw new ConfigurationError(`spec.dataset needs exactly one of ${sources}; ${named} are there.`);
  }
  const { target, weight, format: { separator = ",", decimal } = {} } = dataset;
  if (weight !== undefined && weight === target) {
    throw new ConfigurationError(
      `spec.dataset.weight names the target, ${JSON.stringify(target)}: name another column.`,
    );
  }
  if (separator === decimal) {
    throw new ConfigurationError("spec.dataset.format: a comma cannot be both decimal mark and separator.");
  }
}

/** How the bytes are opened, compressed or not. */
function opener({ dataset, allowPrivateAddresses }: SourceConfig, sources: Sources): TableSource["open"] {
  const { csv, uri = "" } = dataset;
  const { file, openDataset, openMounted, openHttps = fromWeb } = sources;
  if (file !== undefined) return file;
  if (csv !== undefined) return () => [csv];
  if (isMounted(dataset)) {
    if (openMounted === undefined) throw new ConfigurationError(notMounted(dataset));
    return () => openMounted(dataset);
  }
  if (uri.startsWith("https://")) return () => openHttps(uri, { allowPrivateAddresses });
  const digest = uri.startsWith(datasetUriPrefix) ? uri.slice(datasetUriPrefix.length) : "";
  if (digestPattern.test(digest)) return () => openDataset(digest);
  throw new ConfigurationError(
    `spec.dataset.uri: ${datasetUriPrefix}<digest> and https://... are read, not ${shownUri(uri)}.`,
  );
}

/** What HTTPS takes is loaded where a table is on the web: each training thread would load it. */
async function fromWeb(uri: string, options: HttpsOptions): Promise<CsvSource> {
  const { httpsTable } = await import("./https-source.ts");
  return httpsTable(uri, options);
}

function notMounted(dataset: DatasetSpec): string {
  return `The task's data is the ${sourceName(dataset)} of a cluster. Give the rows as a file: --data rows.csv.`;
}
