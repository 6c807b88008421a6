/** Ways in which a pod may die by no fault of its own, by name, each with how often it is taken. */
import type { KubeClient } from "../../kube/client.ts";
import { jobs, pods, type Pod, type Resource } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import type { Random } from "../../traintask/random.ts";

type Kill = (client: KubeClient, pod: Pod) => Promise<unknown>;

const evictions = (pod: string): Resource => ({
  group: "",
  version: "v1",
  plural: `pods/${pod}/eviction`,
  kind: "Eviction",
  namespaced: true,
});

/** The node ends it so (test/cluster/stages.yaml). */
const exits =
  (exit: number, reason: string): Kill =>
  (client, pod) => {
    const annotations = { "pretended.traintask.dev/exit": String(exit), "pretended.traintask.dev/reason": reason };
    return client.patch(pods, keyOf(pod), { body: { metadata: { annotations } } });
  };

const kills: Readonly<Record<string, { readonly weight: number; readonly kill: Kill }>> = {
  "kill -9": { weight: 3, kill: exits(137, "Error") },
  "a crash": { weight: 2, kill: exits(1, "Error") },
  "out of memory": { weight: 1, kill: exits(137, "OOMKilled") },
  "kubectl delete pod": { weight: 3, kill: (client, pod) => client.delete(pods, keyOf(pod)) },
  eviction: {
    weight: 3,
    kill: (client, pod) =>
      client.create(evictions(keyOf(pod).name), {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: keyOf(pod),
      }),
  },
  "kubectl delete job --cascade=orphan": {
    weight: 1,
    kill: (client, pod) => {
      const name = pod.metadata?.labels?.[labels.jobName] ?? "";
      return client.delete(jobs, { ...keyOf(pod), name }, { propagationPolicy: "Orphan" });
    },
  },
};

const urn = Object.entries(kills).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));

const keyOf = ({ metadata }: Pod): { namespace: string; name: string } => ({
  namespace: metadata?.namespace ?? "",
  name: metadata?.name ?? "",
});

/** Kills one of these pods. @returns how */
export async function killOne(client: KubeClient, live: readonly Pod[], random: Random): Promise<string> {
  const pod = live[random.below(live.length)];
  const how = urn[random.below(urn.length)] ?? "";
  if (pod !== undefined) await kills[how]?.kill(client, pod);
  return how;
}
