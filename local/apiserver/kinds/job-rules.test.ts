/** What only the local cluster refuses; what it refuses as Kubernetes does is in test/contract/job-admission.ts. */
import { describe, expect, test } from "vitest";
import type { JobSpec, PodSpec } from "../../../kube/objects.ts";
import { validateJob } from "./job-rules.ts";

const aJobSpec = (spec: Partial<JobSpec> = {}, pod: Partial<PodSpec> = {}): JobSpec => ({
  selector: {},
  template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "any" }], ...pod } },
  ...spec,
});

describe("a Job on the local cluster", () => {
  test("is taken as long as it asks for nothing more than is there", () => {
    expect(validateJob({ spec: aJobSpec() })).toEqual([]);
  });

  const missing: Record<string, { spec: JobSpec; field: string; advice: string }> = {
    "a successPolicy": {
      spec: aJobSpec({ completionMode: "Indexed", completions: 2, successPolicy: { rules: [{ succeededCount: 1 }] } }),
      field: "spec.successPolicy",
      advice: "a Job succeeds here when all its completions have",
    },
    "an affinity": {
      spec: aJobSpec({}, { affinity: { podAntiAffinity: {} } }),
      field: "spec.template.spec.affinity",
      advice: "it has one node: leave it out, or use nodeSelector",
    },
  };
  for (const [name, { spec, field, advice }] of Object.entries(missing))
    test(`is refused with ${name}, which would be ignored`, () => {
      const message = `Forbidden: not supported by this local cluster; ${advice}`;
      expect(validateJob({ spec })).toEqual([{ field, reason: "FieldValueForbidden", message }]);
    });

  test("is told which amount cannot be read", () => {
    const resources = { limits: { memory: "1 GB" } };
    const spec = aJobSpec({}, { containers: [{ name: "main", image: "any", resources }] });
    expect(validateJob({ spec })).toMatchObject([
      { field: "spec.template.spec.containers[0].resources.limits[memory]" },
    ]);
  });
});
