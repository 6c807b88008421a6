/** What a container finds around it, and what is kept of it: its log and its last word. */
import { describe, expect } from "vitest";
import { BadRequestError } from "../../kube/errors.ts";
import { type Pod, pods, type PodSpec } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { refusal } from "./refusals.ts";
import {
  type Case,
  condition,
  type ConfigMap,
  configMaps,
  end,
  holds,
  podName,
  runCases,
  type Scene,
  until,
} from "./scene.ts";

const key = (ns: string) => ({ namespace: ns, name: podName });

const isReady = (pod: Parameters<typeof holds>[0]): boolean => holds(pod, "Ready");

const waitsWith =
  (reason: string) =>
  ({ status }: Pod): boolean =>
    status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;

function putConfigMap({ client, ns }: Scene, data: Record<string, string>): Promise<ConfigMap> {
  return client.create<ConfigMap>(configMaps, { metadata: { name: "settings", namespace: ns }, data });
}

type ConfigMapVolume = NonNullable<NonNullable<PodSpec["volumes"]>[number]["configMap"]>;

/** The config map as files in the directory that `$DIR` names. */
function inVolume(configMap: ConfigMapVolume): Parameters<Scene["createPod"]>[1] & object {
  return {
    spec: { volumes: [{ name: "settings", configMap }] },
    container: {
      env: [{ name: "DIR", value: "/etc/settings" }],
      volumeMounts: [{ name: "settings", mountPath: "/etc/settings", readOnly: true }],
    },
  };
}

const messages: Record<string, Case> = {
  "is what the container wrote to its file": async (scene) => {
    await scene.createPod('echo in the log; printf "the last word" > "$WORD"', {
      container: { env: [{ name: "WORD", value: "/dev/termination-log" }] },
    });
    expect(end(await scene.untilEnded())?.message).toBe("the last word");
  },
  "may be at a path of its own": async (scene) => {
    await scene.createPod('printf here > "$WORD"', {
      container: { terminationMessagePath: "/dev/last-word", env: [{ name: "WORD", value: "/dev/last-word" }] },
    });
    expect(end(await scene.untilEnded())?.message).toBe("here");
  },
  "is the end of the log after a failure, with FallbackToLogsOnError": async (scene) => {
    // By one stream: a node may keep the lines of two in another order.
    await scene.createPod("echo what >&2; echo went wrong >&2; exit 1", {
      container: { terminationMessagePolicy: "FallbackToLogsOnError" },
    });
    expect(end(await scene.untilEnded())?.message).toBe("what\nwent wrong\n");
  },
  "is none after a success, with FallbackToLogsOnError": async (scene) => {
    await scene.createPod("echo fine", { container: { terminationMessagePolicy: "FallbackToLogsOnError" } });
    expect(end(await scene.untilEnded())).not.toHaveProperty("message");
  },
  "is none after a failure without that policy": async (scene) => {
    await scene.createPod("echo what; exit 1");
    expect(end(await scene.untilEnded())).not.toHaveProperty("message");
  },
};

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const surroundings: Record<string, Case> = {
  "has the variables of its spec, which may refer to each other": async (scene) => {
    await scene.createPod('echo "$A|$B|$C|$D"', {
      container: {
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "$(A)2" },
          { name: "C", value: "$(UNKNOWN)" },
          { name: "D", value: "$$(A)" },
        ],
      },
    });
    expect(await scene.logs(await scene.untilEnded())).toBe("1|12|$(UNKNOWN)|$(A)\n");
  },
  "has variables in its command": async (scene) => {
    const { command = [] } = scene.container("");
    await scene.createPod("", {
      container: { command: [...command.slice(0, -1), 'echo "$(WHO)"'], env: [{ name: "WHO", value: "me" }] },
    });
    expect(await scene.logs(await scene.untilEnded())).toBe("me\n");
  },
  "may know its own name, namespace, uid, labels and annotations": async (scene) => {
    const created = await scene.createPod('echo "$NAME $SPACE $ID $COLOR $NOTE"', {
      container: {
        env: [
          field("NAME", "metadata.name"),
          field("SPACE", "metadata.namespace"),
          field("ID", "metadata.uid"),
          field("COLOR", "metadata.labels['color']"),
          field("NOTE", "metadata.annotations['note']"),
        ],
      },
    });
    const text = await scene.logs(await scene.untilEnded());
    expect(text).toBe(`${podName} ${scene.ns} ${created.metadata?.uid} green as it is\n`);
  },
  "may know its limits": async (scene) => {
    const limit = (name: string, resource: string) => ({ name, valueFrom: { resourceFieldRef: { resource } } });
    await scene.createPod('echo "$CPU $MEMORY"', {
      container: {
        resources: { limits: { cpu: "1500m", memory: "256Mi" }, requests: { cpu: "10m", memory: "16Mi" } },
        env: [limit("CPU", "limits.cpu"), limit("MEMORY", "limits.memory")],
      },
    });
    expect(await scene.logs(await scene.untilEnded())).toBe(`2 ${256 * 2 ** 20}\n`);
  },
  "finds what it asked for in files of a volume": async (scene) => {
    await putConfigMap(scene, { greeting: "hello", other: "unused" });
    const sources = [
      { downwardAPI: { items: [{ path: "self/name", fieldRef: { fieldPath: "metadata.name" } }] } },
      { configMap: { name: "settings", items: [{ key: "greeting", path: "greeting.txt" }] } },
    ];
    await scene.createPod('cat "$DIR/self/name"; echo; cat "$DIR/greeting.txt"; echo; ls "$DIR"', {
      spec: { volumes: [{ name: "told", projected: { sources } }] },
      container: {
        env: [{ name: "DIR", value: "/etc/told" }],
        volumeMounts: [{ name: "told", mountPath: "/etc/told" }],
      },
    });
    expect(await scene.logs(await scene.untilEnded())).toBe(`${podName}\nhello\ngreeting.txt\nself\n`);
  },
  "finds texts and bytes of a config map, by key": async (scene) => {
    const binaryData = { bytes: Buffer.from([0xff, 0x0a]).toString("base64") };
    const metadata = { name: "settings", namespace: scene.ns };
    await scene.client.create(configMaps, { metadata, data: { text: "ü" }, binaryData } as ConfigMap);
    await scene.createPod('cat "$DIR/text"; echo; od -An -tx1 "$DIR/bytes"', inVolume({ name: "settings" }));
    expect((await scene.logs(await scene.untilEnded())).split(/\s+/)).toEqual(["ü", "ff", "0a", ""]);
  },
  "starts without an optional config map, or without a key of it": async (scene) => {
    const items = [{ key: "greeting", path: "greeting" }];
    await putConfigMap(scene, { other: "here" });
    for (const name of ["settings", "none"]) {
      await scene.createPod('ls -A "$DIR" | grep -v "^[.][.]"; echo end', inVolume({ name, items, optional: true }));
      expect(await scene.logs(await scene.untilEnded())).toBe("end\n");
      await scene.client.delete(pods, key(scene.ns), { gracePeriodSeconds: 0 });
    }
  },
  "is not started before the config map of its volume is there, with its key": async (scene) => {
    await putConfigMap(scene, { other: "unused" });
    const items = [{ key: "greeting", path: "greeting" }];
    await scene.createPod('cat "$DIR/greeting"', inVolume({ name: "settings", items }));
    await scene.untilPod(waitsWith("ContainerCreating"));
    await scene.client.patch(
      configMaps,
      { namespace: scene.ns, name: "settings" },
      { body: { data: { greeting: "at last" } } },
    );
    expect(await scene.logs(await scene.untilEnded())).toBe("at last");
  },
  "waits for a config map that is not there yet": async (scene) => {
    const valueFrom = { configMapKeyRef: { name: "settings", key: "greeting" } };
    await scene.createPod('echo "$GREETING"', { container: { env: [{ name: "GREETING", valueFrom }] } });
    const waiting = await scene.untilPod(waitsWith("CreateContainerConfigError"));
    expect(waiting.status?.phase).toBe("Pending");
    await putConfigMap(scene, { greeting: "at last" });
    expect(await scene.logs(await scene.untilEnded())).toBe("at last\n");
  },
  "gets a token that names it and its audience, and loses it with its life": async (scene) => {
    const source = { serviceAccountToken: { audience: "contract", expirationSeconds: 3600, path: "token" } };
    const created = await scene.createPod('cat "$DIR/token"', {
      spec: { volumes: [{ name: "id", projected: { sources: [source] } }] },
      container: { env: [{ name: "DIR", value: "/run/id" }], volumeMounts: [{ name: "id", mountPath: "/run/id" }] },
    });
    const token = await scene.logs(await scene.untilEnded());
    const identity = await scene.client.reviewToken(token, ["contract"]);
    expect(identity?.username).toBe(`system:serviceaccount:${scene.ns}:default`);
    expect(identity?.extra["authentication.kubernetes.io/pod-name"]).toEqual([podName]);
    expect(identity?.extra["authentication.kubernetes.io/pod-uid"]).toEqual([created.metadata?.uid]);
    expect(await scene.client.reviewToken(token, ["another"])).toBeUndefined();
    await scene.client.delete(pods, key(scene.ns), { gracePeriodSeconds: 0 });
    // A server may remember its last verdict for some seconds.
    await until(
      () => scene.client.reviewToken(token, ["contract"]),
      (verdict) => verdict === undefined,
    );
  },
  "shares an emptyDir between its containers": async (scene) => {
    const volumeMounts = [{ name: "shared", mountPath: "/shared" }];
    const env = [{ name: "DIR", value: "/shared" }];
    const container = (name: string, script: string) => ({ ...scene.container(script), name, env, volumeMounts });
    await scene.createPod("", {
      spec: {
        volumes: [{ name: "shared", emptyDir: {} }],
        containers: [
          container("writer", 'echo word > "$DIR/.part" && mv "$DIR/.part" "$DIR/word"'),
          container("reader", 'while [ ! -e "$DIR/word" ]; do sleep 0.1; done; cat "$DIR/word"'),
        ],
      },
    });
    expect(await scene.logs(await scene.untilEnded(), { container: "reader" })).toBe("word\n");
  },
};

const logs: Record<string, Case> = {
  "are there whole, standard error too, also after its end": async (scene) => {
    await scene.createPod("echo one; echo two >&2; echo three");
    const text = await scene.logs(await scene.untilEnded());
    expect(text.split("\n").toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["", "one", "three", "two"]);
  },
  "can be cut to the last lines": async (scene) => {
    await scene.createPod("for i in 1 2 3 4 5; do echo $i; done");
    expect(await scene.logs(await scene.untilEnded(), { tailLines: 2 })).toBe("4\n5\n");
  },
  "can be cut to the first bytes": async (scene) => {
    await scene.createPod("echo 123456789");
    expect(await scene.logs(await scene.untilEnded(), { limitBytes: 4 })).toBe("1234");
  },
  "can be followed until its end": async (scene) => {
    await scene.createPod("for i in 1 2 3; do echo $i; sleep 0.3; done");
    const pod = await scene.untilPod(isReady);
    expect(await scene.logs(pod, { follow: true })).toBe("1\n2\n3\n");
  },
  "are empty before the pod has a node": async (scene) => {
    await scene.createPod("", { spec: { nodeSelector: { "contract.traintask.dev/none": "here" } } });
    const pod = await scene.untilPod(({ status }) => condition({ status } as never, "PodScheduled") !== undefined);
    expect(await scene.logs(pod)).toBe("");
  },
  "are refused while the container waits, which is said": async (scene) => {
    const valueFrom = { configMapKeyRef: { name: "none", key: "none" } };
    await scene.createPod("", { container: { env: [{ name: "NONE", valueFrom }] } });
    const pod = await scene.untilPod(waitsWith("CreateContainerConfigError"));
    const error = await refusal(scene.logs(pod), BadRequestError);
    expect(error.message).toContain(
      `container "main" in pod "${podName}" is waiting to start: CreateContainerConfigError`,
    );
  },
};

export function containerCases(harness: HarnessOf): void {
  describe("the termination message", () => runCases(harness, messages));
  describe("a container", () => runCases(harness, surroundings));
  describe("its log", () => runCases(harness, logs));
}
