/**
 * One text for one meaning: JSON with sorted keys, so that a digest of it depends on nothing but the content. The
 * model's header holds the digest of `modelSpec`: parts of a model with different ones are never merged.
 */
import type { TrainTaskSpec } from "./spec.ts";

/** JSON of `value` with the keys of each object in code unit order; what is undefined is left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * What in a spec makes the model, as canonical JSON: never the data source, `shards`, `queue`, `priority` or
 * `resources`, which make the same model elsewhere or sooner.
 * @param spec with defaults applied; a pod's configuration will do
 */
export function modelSpec(spec: Pick<TrainTaskSpec, "trainer" | "seed" | "dataset">): string {
  const { target, problemType, testFraction, columns, weight, format } = spec.dataset ?? {};
  return canonicalJson({
    trainer: spec.trainer,
    seed: spec.seed,
    dataset: {
      target,
      problemType,
      testFraction,
      // A list by name: its order means nothing.
      columns: columns?.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      weight,
      format,
    },
  });
}
