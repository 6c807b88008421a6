/** Guards of api/access: each keeps out somebody who may not come in. */
import type { Guard } from "./guard.ts";

const routes = "api/access/routes.test.ts";

export const guards: Guard[] = [
  {
    name: "in a cluster nobody comes in without a token",
    file: "api/access/kubernetes-access.ts",
    find: 'if (token === undefined) throw refuse("no token");',
    replace:
      'if (token === undefined) return { user: { username: "", groups: [], extra: {}, audiences: [] }, key: "" };',
    test: routes,
  },
  {
    name: "a token that Kubernetes does not know opens nothing",
    file: "api/access/kubernetes-access.ts",
    find: 'if (user === undefined) throw refuse("the token is not valid, or not for this API");',
    replace: 'if (user === undefined) return { user: { username: "", groups: [], extra: {}, audiences: [] }, key };',
    test: routes,
  },
  {
    name: "what Kubernetes does not allow is not done",
    file: "api/access/kubernetes-access.ts",
    find: "if (!allowed) throw forbidden(user, permission);",
    replace: "",
    test: routes,
  },
  {
    name: "a right in one namespace is none in another",
    file: "api/access/kubernetes-access.ts",
    find: "...(namespace === undefined ? {} : { namespace }),",
    replace: "",
    test: "api/access/kubernetes-access.test.ts",
  },
  {
    name: "a right that was taken away is gone 10 s later",
    file: "api/access/kubernetes-access.ts",
    find: "const keepMs = 10_000;",
    replace: "const keepMs = 11_000;",
    test: "api/access/kubernetes-access.test.ts",
  },
  {
    name: "who sends a task needs the right in the namespace that the task names",
    file: "api/endpoints/create-task.ts",
    find: 'await api.access.authorize(request, { verb: "create", namespace: manifest.metadata.namespace });',
    replace: "",
    test: "api/access/before-the-body.test.ts",
  },
  {
    name: "a body is not asked for before it is known who sends it",
    file: "api/http-server.ts",
    find: 'server.on("checkContinue", listener);',
    replace: "",
    test: "api/access/before-the-body.test.ts",
  },
  {
    name: "a call without a rule is not served",
    file: "api/access/verbs.ts",
    find: "if (rule === undefined) throw",
    replace: "if (rule === undefined) return anyone; throw",
    test: "api/access/verbs.test.ts",
  },
  {
    name: "what is remembered has an end",
    file: "api/access/remembered.ts",
    find: "if (oldest !== undefined && entries.size >= maxEntries) entries.delete(oldest);",
    replace: "",
    test: "api/access/remembered.test.ts",
  },
  {
    name: "no token crosses the network in the clear",
    file: "api/settings.ts",
    find: "if (tls === undefined)",
    replace: "if (false)",
    test: "api/server.test.ts",
  },
  {
    name: "Kubernetes is not asked about one made-up token after the other",
    file: "api/access/stranger-limit.ts",
    find: "if (this.#left < 1) return false;",
    replace: "",
    test: "api/access/stranger-limit.test.ts",
  },
  {
    name: "who is known is served while strangers are told to wait",
    file: "api/access/stranger-limit.ts",
    find: "known.has(key) ? [] : [permitsOf(from), everybody]",
    replace: "[permitsOf(from), everybody]",
    test: "api/access/stranger-limit.test.ts",
  },
  {
    name: "strangers of one address leave room for the others",
    file: "api/access/stranger-limit.ts",
    find: "[permitsOf(from), everybody]",
    replace: "[everybody]",
    test: "api/access/stranger-limit.test.ts",
  },
  {
    name: "made-up tokens of pods count as well",
    file: "api/fence.ts",
    find: "return strangers.review({ key: keyOf(bearer, tasks), from }, () =>\n    reviewed(client.reviewToken(token, tasks.map(tokenAudience))),\n  );",
    replace: "return reviewed(client.reviewToken(token, tasks.map(tokenAudience)));",
    test: "api/fence.test.ts",
  },
];
