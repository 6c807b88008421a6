/** An empty API server in memory, for tests of what works on its registry. */
import { silentLog } from "../../kube/log.ts";
import { virtualClock, type VirtualClock } from "../../kube/virtual-clock.ts";
import type { ApiServer } from "../../local/apiserver/server.ts";
import { createApiServer } from "../../local/apiserver/server.ts";
import type { Registry } from "../../local/registry.ts";

export interface MemoryServer {
  readonly apiServer: ApiServer;
  readonly registry: Registry;
  readonly clock: VirtualClock;
}

export function memoryServer(clock = virtualClock()): MemoryServer {
  const apiServer = createApiServer({ databasePath: ":memory:", clock, log: silentLog, crds: [] });
  return { apiServer, registry: apiServer.registry, clock };
}

/**
 * The registry, whose n-th write from now (counted from 1) throws before it is done: a program that died there.
 */
export function failingAt(registry: Registry, n: number): Registry {
  let writes = 0;
  const count = (): void => {
    writes++;
    if (writes === n) throw new Error("the program died here");
  };
  return {
    ...registry,
    create(resource, object) {
      count();
      return registry.create(resource, object);
    },
    update(resource, object) {
      count();
      return registry.update(resource, object);
    },
    updateStatus(resource, object) {
      count();
      return registry.updateStatus(resource, object);
    },
    delete(resource, key, options) {
      count();
      registry.delete(resource, key, options);
    },
  };
}
