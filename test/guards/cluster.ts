/** The guards of the real cluster: what keeps its start and its end from harming, or waiting for, anything else. */
import type { Guard } from "./guard.ts";

const test = "test/cluster/process.test.ts";

export const guards: Guard[] = [
  {
    name: "two programs are not at work on the one cluster",
    file: "test/cluster/process.ts",
    find: "if (pid !== undefined && pid !== process.pid) {",
    replace: "if (pid === 0) {",
    test,
  },
  {
    name: "a pid that belongs to another process by now is not signalled",
    file: "test/cluster/process.ts",
    find: "return identify(pid)?.startTime === startedAt ? pid : undefined;",
    replace: "return identify(pid) === undefined ? undefined : pid;",
    test,
  },
  {
    name: "a process is there until its last thread is gone",
    file: "local/kubelet/proc.ts",
    find: 'state === "Z" && entries(`/proc/${pid}/task`).length <= 1',
    replace: 'state === "Z"',
    test,
  },
  {
    name: "a process that ignores SIGTERM is killed",
    file: "test/cluster/process.ts",
    find: '[["SIGTERM", graceMs] as const, ["SIGKILL", 5_000] as const]',
    replace: '[["SIGTERM", graceMs] as const]',
    test,
  },
  {
    name: "nothing waits for a process that has ended",
    file: "test/cluster/process.ts",
    find: "if (!runs(name)) throw",
    replace: "if (name === '') throw",
    test,
  },
  {
    name: "a wait can be given up",
    file: "test/cluster/until.ts",
    find: "signal?.throwIfAborted();",
    replace: "",
    test,
  },
  {
    name: "no command is waited for without a bound",
    file: "test/cluster/command.ts",
    find: "timeout: timeoutMs,",
    replace: "",
    test: "test/cluster/command.test.ts",
  },
  {
    name: "a command that reads nothing does not fail what writes to it",
    file: "test/cluster/command.ts",
    find: '.on("error", () => undefined)',
    replace: "",
    test: "test/cluster/command.test.ts",
  },
  {
    name: "what is saved during a build of the images is not in them",
    file: "test/cluster/image-sources.ts",
    find: "  return folder;\n",
    replace: "  return root;\n",
    test: "test/cluster/image-sources.test.ts",
  },
  {
    name: "tests of the sources are no sources of the images",
    file: "test/cluster/image-sources.ts",
    find: '!path.endsWith(".test.ts")',
    replace: 'path !== ""',
    test: "test/cluster/image-sources.test.ts",
  },
  {
    name: "a release that the tests did not make is not replaced",
    file: "test/release/installation.ts",
    find: "!labels.includes(ours)",
    replace: 'labels === ""',
    test: "test/release/installation.test.ts",
  },
  {
    name: "notes whose commands are not found are an error, not an empty script",
    file: "test/release/notes.ts",
    find: "if (commands === undefined) throw",
    replace: "if (commands === null) throw",
    test: "test/release/notes.test.ts",
  },
  {
    name: "a file of tests that cannot be loaded is a failure of the run",
    file: "test/results.ts",
    find: "results.numFailedTests + results.testResults.filter(failsAsAWhole).length",
    replace: "results.numFailedTests",
    test: "test/results.test.ts",
  },
  {
    name: "a cluster that is up is not taken for one of the other size",
    file: "test/cluster/test-run.ts",
    find: "switch (running ?? size) {",
    replace: "switch (size) {",
    test: "test/cluster/test-run.test.ts",
  },
];
