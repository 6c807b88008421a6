/** The contract suite's harness for the local API server, alone or with its cluster around it. */
import { namespaces } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport } from "../../kube/transport.ts";
import type { ApiServer } from "../../local/apiserver/server.ts";
import type { Harness } from "./harness.ts";

export function localHarness({ handle }: Pick<ApiServer, "handle">, container: Harness["container"]): Harness {
  const transport: Transport = { send: handle, close: () => Promise.resolve() };
  const client = restClient(transport);
  let count = 0;
  return {
    local: true,
    client,
    transport,
    async namespace() {
      const name = `contract-${++count}`;
      await client.create(namespaces, { metadata: { name } });
      return name;
    },
    container,
  };
}
