/** Guards of an installation that serves some namespaces, and of what operators tell of themselves. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a cache of several namespaces is synced only when all are",
    file: "kube/joined-reflector.ts",
    find: "return this.#all.every(({ hasSynced }) => hasSynced);",
    replace: "return this.#all.some(({ hasSynced }) => hasSynced);",
    test: "kube/joined-reflector.test.ts",
  },
  {
    name: "a cache of several namespaces is as stale as the stalest",
    file: "kube/joined-reflector.ts",
    find: "const oldest = Math.min(...heard);",
    replace: "const oldest = Math.max(...heard);",
    test: "kube/joined-reflector.test.ts",
  },
  {
    name: "the operator's gate waits for the namespace of the create",
    file: "operator/gate.ts",
    find: "this.#cache.resourceVersionIn(namespace)",
    replace: 'this.#cache.resourceVersionIn(namespace + "-another")',
    test: "operator/gate.test.ts",
  },
  {
    name: "a namespace that is not served is refused by its name",
    file: "api/served.ts",
    find: "if (namespace !== undefined) checkServed(api, namespace, hint);",
    replace: "",
    test: "api/served.test.ts",
  },
  {
    name: "a task whose body names a namespace that is not served is refused",
    file: "api/endpoints/create-task.ts",
    find: "    checkServed(api, manifest.metadata.namespace);\n",
    replace: "",
    test: "api/served.test.ts",
  },
  {
    name: "a pod of a namespace that is not served comes in nowhere",
    file: "api/fence.ts",
    find: 'if (!isWatched(options.watchNamespaces, key.namespace)) throw forbidden("its namespace is not served here");',
    replace: "",
    test: "api/fence.test.ts",
  },
  {
    name: "artifacts of a namespace that is watched no more are not swept",
    file: "api/sweep.ts",
    find: "return namespace !== undefined && isWatched(settings.watchNamespaces, namespace);",
    replace: "return namespace !== undefined;",
    test: "api/sweep.test.ts",
  },
  {
    name: "artifacts of a namespace that nobody knows are not swept where some are watched",
    file: "api/sweep.ts",
    find: "return namespace !== undefined && isWatched(settings.watchNamespaces, namespace);",
    replace: 'return isWatched(settings.watchNamespaces, namespace ?? "a");',
    test: "api/sweep.test.ts",
  },
  {
    name: "datasets of a namespace that is not watched are not swept",
    file: "api/sweep.ts",
    find: "if (!isWatched(api.settings.watchNamespaces, namespace)) continue;",
    replace: "",
    test: "api/sweep.test.ts",
  },
  {
    name: "an operator whose election is stuck is restarted",
    file: "operator/health.ts",
    find: "if (silentMs < stuckAfterMs) return undefined;",
    replace: "if (silentMs >= 0) return undefined;",
    test: "operator/health.test.ts",
  },
  {
    name: "a certificate authority that is none is not given to Jobs",
    file: "operator/authority.ts",
    find: "checkPem(found);",
    replace: "",
    test: "operator/authority.test.ts",
  },
];
