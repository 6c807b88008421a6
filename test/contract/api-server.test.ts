/** The contract of an API server, on the local one without its controllers. */
import { afterAll, beforeAll, describe } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { createApiServer, type ApiServer } from "../../local/apiserver/server.ts";
import type { Harness } from "./harness.ts";
import { localHarness } from "./local-harness.ts";
import { apiServerContract } from "./suite.ts";
import { widgetDefinition } from "./widgets.ts";

describe("the local API server", () => {
  let server: ApiServer;
  let harness: Harness;
  beforeAll(() => {
    server = createApiServer({
      databasePath: ":memory:",
      clock: systemClock,
      log: silentLog,
      crds: [widgetDefinition],
    });
    harness = localHarness(server, () => {
      throw new Error("there is no kubelet here");
    });
  });
  afterAll(() => server.close());
  apiServerContract(() => harness);
});
