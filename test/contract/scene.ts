/**
 * A scene of the contract suite: one namespace, and what the cases about Jobs and pods do in it. All waiting is asking
 * again until it is so, with a deadline that a slow cluster meets too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "vitest";
import { NotFoundError } from "../../kube/errors.ts";
import type { Container, Job, JobSpec, KubeObject, Pod, PodSpec, Resource } from "../../kube/objects.ts";
import { jobs, pods } from "../../kube/objects.ts";
import type { Harness, HarnessOf } from "./harness.ts";

export const configMaps: Resource = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};
export type ConfigMap = KubeObject & { data?: Record<string, string> };

const patienceMs = 120_000;
const pauseMs = 40;

export interface Scene extends Harness {
  readonly ns: string;
  get<T extends KubeObject>(resource: Resource, name: string): Promise<T | undefined>;
  /** A Job of one pod that runs the script and is never retried, with `spec` laid over it. */
  createJob(script: string, spec?: Partial<JobSpec>): Promise<Job>;
  job(): Promise<Job>;
  /** The Job once the condition holds. */
  untilJob(condition: (job: Job) => boolean): Promise<Job>;
  untilFinished(): Promise<Job>;
  pods(): Promise<Pod[]>;
  untilPods(condition: (pods: Pod[]) => boolean): Promise<Pod[]>;
  /** A pod that runs the script once. */
  createPod(script: string, overrides?: { spec?: Partial<PodSpec>; container?: Partial<Container> }): Promise<Pod>;
  untilPod(condition: (pod: Pod) => boolean): Promise<Pod>;
  untilEnded(): Promise<Pod>;
  /** Resolves once there is no such object any more. */
  untilGone(resource: Resource, name: string): Promise<void>;
  logs(
    pod: Pod,
    options?: { tailLines?: number; limitBytes?: number; follow?: boolean; previous?: boolean; container?: string },
  ): Promise<string>;
}

/** Names of the scene's one Job, and of its one bare pod. */
export const jobName = "work";
export const podName = "solo";

export type Case = (scene: Scene) => Promise<void>;

/** Runs cases side by side, each in a namespace of its own. */
export function runCases(harness: HarnessOf, cases: Readonly<Record<string, Case>>): void {
  for (const [name, run] of Object.entries(cases)) {
    test.concurrent(name, { timeout: 2 * patienceMs }, async () =>
      run(createScene(harness(), await harness().namespace())),
    );
  }
}

/** The answer once it satisfies the condition. @throws Error with the last answer after two minutes */
export async function until<T>(ask: () => Promise<T>, condition: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (condition(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`not so in time: ${condition.toString()}; last seen: ${JSON.stringify(answer)}`);
    await sleep(pauseMs);
  }
}

function createScene(harness: Harness, ns: string): Scene {
  const { client } = harness;
  const get = async <T extends KubeObject>(resource: Resource, name: string): Promise<T | undefined> => {
    try {
      return await client.get<T>(resource, { namespace: ns, name });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  };
  const job = (): Promise<Job> => client.get<Job>(jobs, { namespace: ns, name: jobName });
  const listPods = async (): Promise<Pod[]> => (await client.list<Pod>(pods, { namespace: ns })).items;
  const pod = (): Promise<Pod> => client.get<Pod>(pods, { namespace: ns, name: podName });
  return {
    ...harness,
    ns,
    get,
    createJob: (script, spec = {}) =>
      client.create<Job>(jobs, {
        metadata: { name: jobName, namespace: ns },
        spec: {
          ...(spec.backoffLimitPerIndex === undefined ? { backoffLimit: 0 } : {}),
          template: { spec: podSpec(harness.container(script)) },
          ...spec,
        },
      }),
    job,
    untilJob: (condition) => until(job, condition),
    untilFinished: () => until(job, (each) => finished(each) !== undefined),
    pods: listPods,
    untilPods: (condition) => until(listPods, condition),
    createPod: (script, { spec = {}, container = {} } = {}) =>
      client.create<Pod>(pods, {
        metadata: { name: podName, namespace: ns, labels: { color: "green" }, annotations: { note: "as it is" } },
        spec: { ...podSpec({ ...harness.container(script), ...container }), ...spec },
      }),
    untilPod: (condition) => until(pod, condition),
    untilEnded: () => until(pod, ({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed"),
    untilGone: async (resource, name) =>
      void (await until(
        () => get(resource, name),
        (found) => found === undefined,
      )),
    async logs({ metadata }, options = {}) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of client.logs({ namespace: ns, name: metadata?.name ?? "" }, options)) chunks.push(chunk);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

export function podSpec(...containers: Container[]): PodSpec {
  return { restartPolicy: "Never", terminationGracePeriodSeconds: 30, containers };
}

/** "Complete" or "Failed" once the Job is over. */
export function finished(job: Job): "Complete" | "Failed" | undefined {
  if (holds(job, "Complete")) return "Complete";
  return holds(job, "Failed") ? "Failed" : undefined;
}

export function holds({ status }: Job | Pod, type: string): boolean {
  return condition({ status } as Job, type)?.status === "True";
}

export function condition({ status }: Job | Pod, type: string) {
  return status?.conditions?.find((each) => each.type === type);
}

/** Names of the conditions that hold, in order of the alphabet. */
export function holding({ status }: Job): string[] {
  return (status?.conditions ?? [])
    .filter((each) => each.status === "True")
    .map(({ type }) => type)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** How a pod's only container ended. */
export function end({ status }: Pod) {
  return status?.containerStatuses?.[0]?.state?.terminated;
}
