import { availableParallelism, cpus } from "node:os";
import { describe, expect, test } from "vitest";
import { availableCores, cpuLimit } from "./cores.ts";

const reading =
  (files: Readonly<Record<string, string>>) =>
  (file: string): string | undefined =>
    files[file];

describe("the limit of a container", () => {
  const cases: Record<string, { files: Record<string, string>; limit: number | undefined }> = {
    "version 2": {
      files: { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "150000 100000\n" },
      limit: 1.5,
    },
    "version 2 without a limit": {
      files: { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n" },
      limit: undefined,
    },
    "version 2, of a group above it": {
      files: {
        "/proc/self/cgroup": "0::/pods/a/main\n",
        "/sys/fs/cgroup/pods/a/main/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/pods/a/cpu.max": "50000 100000\n",
        "/sys/fs/cgroup/pods/cpu.max": "800000 100000\n",
      },
      limit: 0.5,
    },
    "version 1": {
      files: {
        "/proc/self/cgroup": "11:memory:/docker/a\n4:cpu,cpuacct:/docker/a\n1:name=systemd:/docker/a\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "250000\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      },
      limit: 2.5,
    },
    "version 1 without a limit": {
      files: {
        "/proc/self/cgroup": "4:cpu:/\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      },
      limit: undefined,
    },
    "another system than Linux": { files: {}, limit: undefined },
    "a text that is none of these": {
      files: { "/proc/self/cgroup": "?\n0::/\n", "/sys/fs/cgroup/cpu.max": "\n" },
      limit: undefined,
    },
  };
  test.each(Object.entries(cases))("is read of %s", (_, { files, limit }) => {
    expect(cpuLimit(reading(files))).toBe(limit);
  });
});

describe("the cores that may be used", () => {
  const limited = (quota: string) =>
    reading({ "/proc/self/cgroup": "0::/", "/sys/fs/cgroup/cpu.max": `${quota} 100000` });
  test("are a part of one rounded up", () => {
    expect(availableCores(limited("10000"))).toBe(1);
    expect(availableCores(limited("100001"))).toBe(Math.min(2, cpus().length));
  });
  test("are not more than the machine has", () => {
    expect(availableCores(limited("100000000"))).toBe(cpus().length);
  });
  test("are Node's own count without a limit", () => {
    expect(availableCores(reading({}))).toBe(availableParallelism());
  });
});
