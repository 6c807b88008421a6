import { expect, test } from "vitest";
import { toHostPath } from "./mounts.ts";

const mounts = [
  { mountPath: "/tmp", hostPath: "/host/tmp" },
  { mountPath: "/tmp/deep/", hostPath: "/host/deep" },
  { mountPath: "/dev/termination-log", hostPath: "/host/log" },
];

const cases: Record<string, [text: string, result: string]> = {
  "a path under a mount moves to the host": ["/tmp/a/b", "/host/tmp/a/b"],
  "the mount itself does too": ["/tmp", "/host/tmp"],
  "the longest mount wins": ["/tmp/deep/x", "/host/deep/x"],
  "a path that only begins with the same letters stays": ["/tmpfs/x", "/tmpfs/x"],
  "a path in the middle of a text stays": ["cat /tmp/x", "cat /tmp/x"],
  "a mounted file moves": ["/dev/termination-log", "/host/log"],
  "other texts stay": ["plain", "plain"],
};
test.each(Object.entries(cases))("%s", (_, [text, result]) => {
  expect(toHostPath(text, mounts)).toBe(result);
});
