/** What the server makes of a Job and of a pod before any controller has seen them: defaults and refusals. */
import { describe, expect, test } from "vitest";
import { BadRequestError } from "../../kube/errors.ts";
import { jobs, pods, type Job, type JobSpec, type Pod, type PodSpec } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";

const container = { name: "main", image: "example.com/none:1" };
const podSpec: PodSpec = { restartPolicy: "Never", nodeSelector: { no: "such-node" }, containers: [container] };
/** A suspended Job: nothing runs while its fields are looked at. */
const aJob = (namespace: string, spec: Partial<JobSpec> = {}): Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "j", namespace },
  spec: { suspend: true, template: { spec: podSpec }, ...spec },
});
const onExitCodes = { operator: "In", values: [1] };
const policy = (rule: object): Partial<JobSpec> =>
  ({ podFailurePolicy: { rules: [rule] } }) as unknown as Partial<JobSpec>;
const withPod = (spec: Partial<PodSpec>): Partial<JobSpec> => ({ template: { spec: { ...podSpec, ...spec } } });

export function jobAdmissionCases(harness: HarnessOf): void {
  const create = async (spec: Partial<JobSpec> = {}): Promise<Job> => {
    const { client, namespace } = harness();
    return client.create<Job>(jobs, aJob(await namespace(), spec));
  };

  describe("defaults", () => {
    test("a Job has one completion, six retries and replaces pods as they terminate", async () => {
      const { spec, metadata } = await create();
      expect(spec).toMatchObject({
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: "NonIndexed",
        podReplacementPolicy: "TerminatingOrFailed",
      });
      expect(metadata?.generation).toBe(1);
    });

    test("a Job with only parallelism has no completions", async () => {
      expect((await create({ parallelism: 3 })).spec).not.toHaveProperty("completions");
    });

    test("a Job with a podFailurePolicy replaces pods only when they have failed", async () => {
      const { spec } = await create(policy({ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }));
      expect(spec?.podReplacementPolicy).toBe("Failed");
      expect(spec?.podFailurePolicy?.rules[0]?.onPodConditions?.[0]?.status).toBe("True");
    });

    test("a Job with retries per index has no bound of all retries", async () => {
      const { spec } = await create({ completionMode: "Indexed", completions: 2, backoffLimitPerIndex: 1 });
      expect(spec?.backoffLimit).toBe(2_147_483_647);
    });

    test("a Job selects its pods by its own uid", async () => {
      const { spec, metadata } = await create();
      const uid = metadata?.uid;
      expect(spec?.selector?.matchLabels).toEqual({ "batch.kubernetes.io/controller-uid": uid });
      expect(spec?.template.metadata?.labels).toMatchObject({
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "j",
        "job-name": "j",
      });
    });

    test("a pod's template has a grace period, a scheduler and a place for its last words", async () => {
      const { spec } = await create();
      expect(spec?.template.spec).toMatchObject({
        terminationGracePeriodSeconds: 30,
        schedulerName: "default-scheduler",
        dnsPolicy: "ClusterFirst",
      });
      expect(spec?.template.spec?.containers[0]).toMatchObject({
        imagePullPolicy: "IfNotPresent",
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      });
    });

    test("what a pod's limits bound is requested too, which its template does not say", async () => {
      const resources = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } };
      const limited = { containers: [{ ...container, resources }] };
      const job = await create(withPod(limited));
      expect(job.spec?.template.spec?.containers[0]?.resources).toEqual(resources);
      const metadata = { name: "p", namespace: job.metadata?.namespace ?? "" };
      const pod = await harness().client.create<Pod>(pods, { metadata, spec: { ...podSpec, ...limited } });
      expect(pod.spec?.containers[0]?.resources?.requests).toEqual({ cpu: "500m", memory: "1Gi" });
    });

    test("a pod is Pending and restarts Always unless told otherwise", async () => {
      const { client, namespace } = harness();
      const { restartPolicy: _, ...spec } = podSpec;
      const pod = await client.create<Pod>(pods, { metadata: { name: "p", namespace: await namespace() }, spec });
      expect(pod.spec?.restartPolicy).toBe("Always");
      expect(pod.status).toMatchObject({ phase: "Pending", qosClass: "BestEffort" });
      expect(pod.spec?.serviceAccountName).toBe("default");
    });
  });

  const wrong: Record<string, { spec: Partial<JobSpec>; field: string }> = {
    "a pod that restarts Always": {
      spec: withPod({ restartPolicy: "Always" }),
      field: "spec.template.spec.restartPolicy",
    },
    "no containers": { spec: withPod({ containers: [] }), field: "spec.template.spec.containers" },
    "a container without image": {
      spec: withPod({ containers: [{ name: "main" }] }),
      field: "spec.template.spec.containers[0].image",
    },
    "two containers of one name": {
      spec: withPod({ containers: [container, container] }),
      field: "spec.template.spec.containers[1].name",
    },
    "a container's name that is no DNS label": {
      spec: withPod({ containers: [{ ...container, name: "A_b" }] }),
      field: "spec.template.spec.containers[0].name",
    },
    "a mount of no volume": {
      spec: withPod({ containers: [{ ...container, volumeMounts: [{ name: "none", mountPath: "/x" }] }] }),
      field: "spec.template.spec.containers[0].volumeMounts[0].name",
    },
    "a request above its limit": {
      spec: withPod({
        containers: [{ ...container, resources: { limits: { cpu: "1" }, requests: { cpu: "1500m" } } }],
      }),
      field: "spec.template.spec.containers[0].resources.requests",
    },
    "a negative request": {
      spec: withPod({ containers: [{ ...container, resources: { requests: { memory: "-1Gi" } } }] }),
      field: "spec.template.spec.containers[0].resources.requests[memory]",
    },
    "a negative limit": {
      spec: withPod({ containers: [{ ...container, resources: { limits: { cpu: "-500m" } } }] }),
      field: "spec.template.spec.containers[0].resources.limits[cpu]",
    },
    "negative parallelism": { spec: { parallelism: -1 }, field: "spec.parallelism" },
    "a negative backoffLimit": { spec: { backoffLimit: -1 }, field: "spec.backoffLimit" },
    "Indexed without completions": { spec: { completionMode: "Indexed", parallelism: 1 }, field: "spec.completions" },
    "retries per index without indexes": { spec: { backoffLimitPerIndex: 1 }, field: "spec.backoffLimitPerIndex" },
    "failed indexes without retries per index": {
      spec: { completionMode: "Indexed", completions: 2, maxFailedIndexes: 1 },
      field: "spec.backoffLimitPerIndex",
    },
    "a podFailurePolicy with restarts": {
      spec: { ...policy({ action: "FailJob", onExitCodes }), ...withPod({ restartPolicy: "OnFailure" }) },
      field: "spec.template.spec.restartPolicy",
    },
    "a policy's rule without action": { spec: policy({ onExitCodes }), field: "spec.podFailurePolicy.rules[0].action" },
    "a policy's rule about nothing": { spec: policy({ action: "FailJob" }), field: "spec.podFailurePolicy.rules[0]" },
    "a policy's exit code 0": {
      spec: policy({ action: "FailJob", onExitCodes: { operator: "In", values: [0] } }),
      field: "spec.podFailurePolicy.rules[0].onExitCodes.values[0]",
    },
    "a policy's exit codes out of order": {
      spec: policy({ action: "FailJob", onExitCodes: { operator: "In", values: [2, 1] } }),
      field: "spec.podFailurePolicy.rules[0].onExitCodes.values",
    },
    "a policy about a container that is not there": {
      spec: policy({ action: "FailJob", onExitCodes: { ...onExitCodes, containerName: "other" } }),
      field: "spec.podFailurePolicy.rules[0].onExitCodes.containerName",
    },
    "FailIndex without retries per index": {
      spec: policy({ action: "FailIndex", onExitCodes }),
      field: "spec.podFailurePolicy.rules[0].action",
    },
    "a replacement policy that the podFailurePolicy excludes": {
      spec: { ...policy({ action: "FailJob", onExitCodes }), podReplacementPolicy: "TerminatingOrFailed" },
      field: "spec.podReplacementPolicy",
    },
    "a label in the template that is no label": {
      spec: { template: { metadata: { labels: { a: "b c" } }, spec: podSpec } },
      field: "spec.template.labels",
    },
  };
  test.each(Object.entries(wrong))("a Job with %s is refused with the field", async (_, { spec, field }) => {
    const found = (await causes(create(spec))).map((cause) => cause.split(" ")[1]);
    expect(found).toContain(field);
  });

  test("a field that Jobs do not have is refused and named", async () => {
    const spec = withPod({ containers: [{ ...container, bogus: 1 } as typeof container] });
    const { message } = await refusal(create(spec), BadRequestError);
    expect(message).toContain('strict decoding error: unknown field "spec.template.spec.containers[0].bogus"');
  });

  test("a field of the wrong type cannot be decoded", async () => {
    await refusal(create({ parallelism: "two" } as unknown as Partial<JobSpec>), BadRequestError);
  });

  const fixed: Record<string, object> = {
    "its template": { template: { spec: { containers: [{ ...container, image: "example.com/other:1" }] } } },
    "its completions": { completions: 5 },
    "its completion mode": { completionMode: "Indexed", completions: 1 },
    "its selector": { selector: { matchLabels: { a: "b" } } },
  };
  test.each(Object.entries(fixed))("a Job cannot change %s", async (_, spec) => {
    const { metadata } = await create();
    const key = { namespace: metadata?.namespace ?? "", name: "j" };
    expect((await refusal(harness().client.patch(jobs, key, { body: { spec } }))).code).toBe(422);
  });

  test("a Job can be resumed, made wider and given another bound of retries", async () => {
    const { metadata } = await create();
    const key = { namespace: metadata?.namespace ?? "", name: "j" };
    const body = { spec: { parallelism: 2, backoffLimit: 1, activeDeadlineSeconds: 60 } };
    const { spec, metadata: changed } = await harness().client.patch<Job>(jobs, key, { body });
    expect(spec).toMatchObject(body.spec);
    expect(changed?.generation).toBe(2);
  });

  test("a pod cannot change what it runs with", async () => {
    const { client, namespace } = harness();
    const key = { namespace: await namespace(), name: "p" };
    await client.create<Pod>(pods, { metadata: key, spec: podSpec });
    const body = { spec: { terminationGracePeriodSeconds: 7 } };
    expect(await causes(client.patch(pods, key, { body }))).toContain("FieldValueForbidden spec");
  });
}
