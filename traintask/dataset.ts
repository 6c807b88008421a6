/** Where a task's data comes from and how it is read: the part of the spec that the trainer is told as well. */
import * as z from "zod";
import { listByKey } from "./collections.ts";
import { dataKey, dnsSubdomain, printablePattern, text } from "./text.ts";

const columnName = text(256, { min: 1 });

export const syntheticSchema = z
  .object({
    kind: z
      .enum(["uniform", "friedman1"])
      .default("uniform")
      .describe(
        "`uniform`: uniform random columns and a random 0/1 target; `friedman1`: Friedman's first regression problem",
      ),
    rows: z.int32().min(1).max(10_000_000).default(50).describe("Number of rows"),
    columns: z
      .int32()
      .min(1)
      .max(10_000)
      .default(2)
      .describe("Number of columns beside the target; at least 5 for friedman1"),
    noise: text(13, { pattern: /^[0-9]{1,6}(\.[0-9]{1,6})?$/ })
      .default("0")
      .describe("Standard deviation of friedman1's noise"),
    seed: z.int().min(0).default(0).describe("Same seed: same data"),
  })
  .describe("Generated data, for trying things out");
export type SyntheticSpec = z.output<typeof syntheticSchema>;

const columnSchema = z
  .object({
    name: columnName.describe("Name in the table's first line"),
    type: z.enum(["number", "category", "ignore"]).describe("How the column is read"),
  })
  .describe("A column");

export const datasetSchema = z
  .object({
    csv: text(65_536, { min: 1 })
      .optional()
      .describe("The table itself: a header line, then one line per row; at most 64 KiB"),
    uri: text(2048, { min: 1 })
      .optional()
      .describe("`traintask://datasets/<digest>`, as PUT /v1/datasets answers, or `https://…`; gzip and zstd are read"),
    synthetic: syntheticSchema.optional(),
    configMap: z
      .object({
        name: dnsSubdomain.describe("Name of the ConfigMap, in the task's namespace"),
        key: dataKey.describe("Its key that holds the table"),
      })
      .optional()
      .describe("A key of a ConfigMap"),
    volume: z
      .object({
        claimName: dnsSubdomain.describe("Name of the PersistentVolumeClaim, in the task's namespace"),
        path: text(1024, { min: 1, pattern: new RegExp(printablePattern) }).describe(
          "Path of the table's file in the volume, such as `2026/iris.csv`",
        ),
      })
      .optional()
      .describe("A file in a volume, which is mounted read-only"),
    target: columnName.optional().describe("The column to predict; not needed for synthetic data, which has `y`"),
    problemType: z
      .enum(["classification", "regression"])
      .optional()
      .describe("Default: a text target is classification, a numeric one regression"),
    testFraction: text(8, { pattern: /^0(\.[0-9]{1,6})?$/ })
      .default("0")
      .describe("Share of rows that are never trained on, only scored; seeded and stratified"),
    columns: listByKey(columnSchema, { key: "name", max: 10_000 })
      .optional()
      .describe("Types of columns; the others are decided from the data"),
    weight: columnName.optional().describe("A column of row weights: finite numbers of at least 0"),
    format: z
      .object({
        separator: z.enum([",", ";", "\t", "|", ":"]).optional().describe("Between cells; a comma if absent"),
        decimal: z.enum([".", ","]).optional().describe("Decimal mark; a point if absent"),
        quote: z.enum(['"', "'"]).optional().describe('Around text; `"` if absent'),
      })
      .optional()
      .describe("How the table is written"),
  })
  .describe("Where the data comes from (exactly one of csv, uri, synthetic, configMap, volume) and what is predicted");
export type DatasetSpec = z.output<typeof datasetSchema>;
