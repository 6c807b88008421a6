/** Guards of api/: each keeps somebody from doing harm, or something from getting lost. */
import type { Guard } from "./guard.ts";

const server = "api/server.test.ts";
const bad = "test/bad-input.test.ts";
const streams = "api/streams.test.ts";

export const guards: Guard[] = [
  {
    name: "a page from elsewhere can do nothing: Sec-Fetch-Site",
    file: "api/same-origin.ts",
    find: 'if (site !== undefined && site !== "same-origin" && site !== "none")',
    replace: "if (false)",
    test: bad,
  },
  {
    name: "a page from elsewhere can do nothing: Origin",
    file: "api/same-origin.ts",
    find: "if (origin !== undefined && ![`http://${host}`, `https://${host}`].includes(origin.toLowerCase()))",
    replace: "if (false)",
    test: bad,
  },
  {
    name: "a name that was pointed at this machine does not serve: Host",
    file: "api/same-origin.ts",
    find: "if (!anyName && !loopbackNames.some(",
    replace: "if (false && !loopbackNames.some(",
    test: bad,
  },
  {
    name: "without authentication the API is not opened to others",
    file: "api/settings.ts",
    find: 'if (access !== "kubernetes")',
    replace: "if (false)",
    test: server,
  },
  {
    name: "a body that trickles is cut off",
    file: "api/body.ts",
    find: "limits.totalMs === undefined ? undefined : clock.after(limits.totalMs, cutOff)",
    replace: "undefined",
    test: "api/body.test.ts",
  },
  {
    name: "a body that stops coming is cut off",
    file: "api/body.ts",
    find: "let cancelIdle = clock.after(limits.idleMs, cutOff);",
    replace: "let cancelIdle = (): void => undefined;",
    test: "api/body.test.ts",
  },
  {
    name: "a body is not held beyond its limit",
    file: "api/body.ts",
    find: "if (received > limits.maxBytes) throw tooLarge(limits);",
    replace: "",
    test: "api/body.test.ts",
  },
  {
    name: "a key that stands twice in JSON is not half ignored",
    file: "api/json-text.ts",
    find: "if (duplicate !== undefined)",
    replace: "if (false)",
    test: "api/json-text.test.ts",
  },
  {
    name: "YAML aliases do not grow",
    file: "api/yaml-text.ts",
    find: "maxAliasCount: maxAliases",
    replace: "maxAliasCount: -1",
    test: "api/yaml-text.test.ts",
  },
  {
    name: "a chunk is stored as it was sent",
    file: "api/endpoints/put-chunk.ts",
    find: 'if (digest !== createHash("sha256").update(bytes).digest("base64"))',
    replace: "if (false)",
    test: streams,
  },
  {
    name: "an attempt that was followed by another can write nothing",
    file: "api/fence.ts",
    find: "if (attempt < (options.latestAttempt(uid) ?? 0)) throw superseded();",
    replace: "",
    test: streams,
  },
  {
    name: "the token is of this very pod, not of one of the same name",
    file: "api/fence.ts",
    find: "if (pod.metadata?.uid !== uid)",
    replace: "if (false)",
    test: "api/fence.test.ts",
  },
  {
    name: "the pod's Job belongs to this very task",
    file: "api/fence.ts",
    find: "if (job.metadata?.uid !== owner.uid || !byTask)",
    replace: "if (false)",
    test: "api/fence.test.ts",
  },
  {
    name: "the pod of a task that has ended can write nothing",
    file: "api/fence.ts",
    find: 'if (terminalCondition(task) !== undefined) throw forbidden("the task has ended");',
    replace: "",
    test: streams,
  },
  {
    name: "a sealed model takes no more",
    file: "api/endpoints/put-chunk.ts",
    find: "if (chunk.offset + chunk.bytes.length > length)",
    replace: "if (false)",
    test: streams,
  },
  {
    name: "a model is not sealed before its report is there",
    file: "api/sealing/seal.ts",
    find: "const reported = whole && (",
    replace: "const reported = whole || (",
    test: "api/sealing/sealing.test.ts",
  },
  {
    name: "progress is patched at most every 10 s",
    file: "api/live-progress.ts",
    find: "if (wait > 0) return { lookAgainAfterMs: wait };",
    replace: "",
    test: "api/live-progress.test.ts",
  },
  {
    name: "the status of a task that has ended is left alone",
    file: "api/live-progress.ts",
    find: "|| terminalCondition(task) !== undefined) {",
    replace: ") {",
    test: "api/live-progress.test.ts",
  },
  {
    name: "artifacts are not swept in the hour after their task was last seen",
    file: "api/sweep.ts",
    find: "if (now - since < absentForMs) continue;",
    replace: "",
    test: "api/sweep.test.ts",
  },
  {
    name: "a container's command needs the token",
    file: "api/endpoints/create-task.ts",
    find: 'if (isSame(bearerToken(request) ?? "", containerToken)) return;',
    replace: "return;",
    test: "api/tasks.test.ts",
  },
];
