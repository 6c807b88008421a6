import { expect, test } from "vitest";
import { anObserved, at, time, waitingFor } from "../test/builders/observed.ts";
import { mountFailure, unmountedAt, unmountedPod } from "./unmounted.ts";

const volumes = [
  { mountPath: "/scratch", readOnly: false, emptyDir: {} },
  { mountPath: "/keys", readOnly: true, secret: { secretName: "traintask-keys" } },
];
const naming = (mounted: typeof volumes) => ({
  spec: { trainer: { randomForest: undefined, container: { image: "x", volumes: mounted } }, dataset: undefined },
});
const creating = waitingFor("ContainerCreating");

test("Events of a pod are read when it has been created for five seconds, and its task names volumes", () => {
  const stuck = anObserved({ task: naming(volumes), job: {}, pod: creating });
  const [job] = stuck.jobs;
  if (job === undefined) throw new Error("no Job");
  expect(unmountedPod(stuck, job, at(4.9))).toBeUndefined();
  expect(unmountedPod(stuck, job, at(5))).toBe(stuck.pods[0]);
  expect([unmountedAt(stuck, job, at(1)), unmountedAt(stuck, job, at(5))]).toEqual([at(5), at(35)]);
  const others = {
    "a task without volumes": anObserved({ job: {}, pod: creating }),
    "a folder of the pod's own": anObserved({ task: naming(volumes.slice(0, 1)), job: {}, pod: creating }),
    "a pod that waits for its image": anObserved({ task: naming(volumes), job: {}, pod: waitingFor("ErrImagePull") }),
    "a pod that goes": anObserved({
      task: naming(volumes),
      job: {},
      pod: { ...creating, metadata: { deletionTimestamp: time(1) } },
    }),
  };
  for (const [name, observed] of Object.entries(others)) {
    expect(unmountedPod(observed, job, at(60)), name).toBeUndefined();
    expect(unmountedAt(observed, job, at(60)), name).toBeUndefined();
  }
});

test("a table in a volume is such a volume", () => {
  const dataset = { synthetic: undefined, volume: { claimName: "data", path: "a.csv" }, target: "y" };
  const stuck = anObserved({ task: { spec: { dataset } }, job: {}, pod: creating });
  expect(unmountedPod(stuck, stuck.jobs[0]!, at(5))).toBe(stuck.pods[0]);
});

test("the newest failure among a pod's Events is told, with the path that the task knows", () => {
  const { task } = anObserved({ task: naming(volumes) });
  const events = [
    { reason: "FailedMount", message: "old", lastTimestamp: time(1) },
    {
      reason: "FailedMount",
      message: 'MountVolume.SetUp failed for volume "volume-1" : secret "traintask-keys" not found',
      lastTimestamp: time(2),
    },
    { reason: "Scheduled", message: "assigned", lastTimestamp: time(3) },
  ];
  expect(mountFailure(events, task)).toBe(
    'MountVolume.SetUp failed for volume /keys : secret "traintask-keys" not found',
  );
  expect(mountFailure([{ reason: "FailedAttachVolume", message: '"volume-9" is away' }], task)).toBe(
    '"volume-9" is away',
  );
  expect(mountFailure([], task)).toBeUndefined();
});
