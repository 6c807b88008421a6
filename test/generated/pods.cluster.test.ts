/**
 * Generated tasks and their pods before a real API server, which creates none of them (dry run): it takes exactly the
 * tasks that our schema and rules take here, their pods are valid, and its PodSecurity admission takes every one.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaces, type PodSpec, type PodTemplate } from "../../kube/objects.ts";
import { trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { aPod, bad, good } from "../chart/restricted-cases.ts";
import { violations } from "../chart/restricted.ts";
import { ask, type Reply } from "../contract/ask.ts";
import { joinRealCluster, type RealCluster } from "../contract/real-harness.ts";
import { chartDefinitions } from "../rule-cases/chart-definitions.ts";
import { podOf } from "./pods.ts";
import { refusalCases } from "./refusals.ts";
import { anySpec } from "./specs.ts";
import { accepted } from "./verdict.ts";

let cluster: RealCluster;
let namespace: string;
beforeAll(async () => {
  cluster = await joinRealCluster({ kubeconfig: process.env["KUBECONFIG"], shellImage: "none" });
  await cluster.serve(chartDefinitions()[0] ?? "", trainTasks);
  namespace = await cluster.harness.namespace();
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await cluster.harness.client.patch(namespaces, { name: namespace }, { body: { metadata: { labels } } });
});
afterAll(() => cluster.leave());

const dryRun = (path: string, body: object): Promise<Reply> =>
  ask(cluster.harness, `${path}?dryRun=All&fieldValidation=Strict`, { method: "POST", body });
const tasks = (): string => `/apis/traintask.dev/v1alpha1/namespaces/${namespace}/traintasks`;

function createPod({ metadata, spec }: PodTemplate): Promise<Reply> {
  const { labels, annotations } = metadata ?? {};
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "a-", labels, annotations }, spec };
  return dryRun(`/api/v1/namespaces/${namespace}/pods`, pod);
}

/** Refusals of pods by Kubernetes' validation, and not by PodSecurity. */
const invalid: string[] = [];
const verdicts = { "task refused": 0, "pod invalid": 0, "pod admitted": 0 };

async function judge(spec: object): Promise<keyof typeof verdicts> {
  const metadata = { name: "generated", namespace };
  const reply = await dryRun(tasks(), { apiVersion: "traintask.dev/v1alpha1", kind: "TrainTask", metadata, spec });
  expect([reply.status, JSON.stringify(spec)]).toEqual([accepted(spec) === undefined ? 422 : 201, expect.any(String)]);
  if (reply.status !== 201) return "task refused";
  const pod = await createPod(podOf(parseTrainTask(reply.json())));
  if (pod.status === 422) {
    invalid.push(pod.json<{ message: string }>().message);
    return "pod invalid";
  }
  expect([pod.status, pod.text, JSON.stringify(spec)]).toEqual([201, expect.any(String), expect.any(String)]);
  return "pod admitted";
}

describe("on a real API server", () => {
  test(
    "the pods of 1,000 generated tasks are valid and pass the PodSecurity admission",
    { timeout: 300_000 },
    async () => {
      const specs = fc.sample(anySpec, { numRuns: 2_500, seed: 4 });
      while (verdicts["pod admitted"] < 1_000 && specs.length > 0) {
        for (const verdict of await Promise.all(specs.splice(0, 20).map(judge))) verdicts[verdict] += 1;
      }
      console.log(verdicts);
      expect(verdicts["pod admitted"]).toBeGreaterThanOrEqual(1_000);
      expect(invalid).toEqual([]);
      expect(verdicts["task refused"]).toBeGreaterThan(50);
    },
  );

  const ofAnyKind = { ...bad, ...good };
  test.each(Object.entries(ofAnyKind))(
    "our checker says of a pod %s what PodSecurity says",
    async (_, spec: PodSpec) => {
      const { status } = await createPod({ spec: { ...aPod(), ...spec } });
      // Some of the bad ones are not even valid pods.
      if (status === 422 && violations(spec).length > 0) return;
      expect([status, violations(spec)]).toEqual(violations(spec).length === 0 ? [201, []] : [403, violations(spec)]);
    },
  );

  refusalCases(() => ({ client: cluster.harness.client, namespace }));
});
