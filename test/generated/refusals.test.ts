/** What the local API server refuses a container to ask for. */
import { afterAll, beforeAll } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { restClient } from "../../kube/rest-client.ts";
import { virtualClock } from "../../kube/virtual-clock.ts";
import { type ApiServer, createApiServer } from "../../local/apiserver/server.ts";
import { chartDefinitions } from "../rule-cases/chart-definitions.ts";
import { refusalCases } from "./refusals.ts";

let server: ApiServer;
beforeAll(() => {
  const crds = chartDefinitions();
  server = createApiServer({ databasePath: ":memory:", clock: virtualClock(), log: silentLog, crds });
});
afterAll(() => server.close());

refusalCases(() => ({
  client: restClient({ send: (request) => server.handle(request), close: () => Promise.resolve() }),
  namespace: "default",
}));
