/** What the local API server refuses and defaults, with the CRDs from the chart. */
import { afterAll, beforeAll } from "vitest";
import { silentLog } from "../kube/log.ts";
import { restClient } from "../kube/rest-client.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import { type ApiServer, createApiServer } from "../local/apiserver/server.ts";
import { admissionCases, type Door } from "./rule-cases/admission.ts";
import { chartDefinitions } from "./rule-cases/chart-definitions.ts";

let server: ApiServer;
let door: Door;
beforeAll(() => {
  const crds = chartDefinitions();
  server = createApiServer({ databasePath: ":memory:", clock: virtualClock(), log: silentLog, crds });
  const client = restClient({ send: (request) => server.handle(request), close: () => Promise.resolve() });
  door = { client, namespace: "default" };
});
afterAll(() => server.close());

admissionCases(() => door);
