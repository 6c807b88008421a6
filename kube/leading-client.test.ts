import { describe, expect, it } from "vitest";
import type { CallOptions } from "./client.ts";
import { leadingClient, NotLeadingError } from "./leading-client.ts";
import { pods } from "./objects.ts";
import { restClient } from "./rest-client.ts";
import type { TransportRequest } from "./transport.ts";

function world(leading: boolean): { client: ReturnType<typeof leadingClient>; sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  const client = restClient({
    send(request) {
      sent.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: bytes() });
    },
    close: () => Promise.resolve(),
  });
  return { client: leadingClient(client, { signal: AbortSignal.abort(), isLeading: () => leading }), sent };
}

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from("{}"));
}

type Client = ReturnType<typeof leadingClient>;
const key = { namespace: "default", name: "web" };
const writes: Record<string, (client: Client, options?: CallOptions) => Promise<unknown>> = {
  create: (client, options) => client.create(pods, { metadata: key }, options),
  update: (client, options) => client.update(pods, { metadata: key }, options),
  patch: (client, options) => client.patch(pods, key, { body: {}, ...options }),
  patchStatus: (client, options) => client.patchStatus(pods, key, { body: {}, ...options }),
  delete: (client, options) => client.delete(pods, key, options),
};

describe("a leader's client", () => {
  for (const [name, write] of Object.entries(writes)) {
    it(`sends no ${name} once the lease was not renewed in time`, async () => {
      const { client, sent } = world(false);
      await expect(write(client)).rejects.toBeInstanceOf(NotLeadingError);
      expect(sent).toEqual([]);
    });

    it(`gives a ${name} up before others may lead`, async () => {
      const { client, sent } = world(true);
      await write(client);
      await write(client, { timeoutMs: 60_000 });
      await write(client, { timeoutMs: 100 });
      expect(sent.map((request) => request.timeoutMs)).toEqual([4000, 4000, 100]);
    });
  }

  it("reads whether it leads or not", async () => {
    const { client, sent } = world(false);
    await client.get(pods, key);
    await client.list(pods);
    expect(sent).toHaveLength(2);
  });
});
