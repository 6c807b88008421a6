/** Datasets that the API keeps, for `traintask://datasets/<digest>`. */
import { createHash } from "node:crypto";
import { routes } from "../traintask/contract.ts";
import { expectOk, whole } from "./api-answer.ts";
import { TemporaryError } from "./errors.ts";
import { type HttpSettings, httpSender, type Send } from "./http.ts";

/** `openDataset` by HTTP. */
export function openApiDataset(
  api: HttpSettings & { readonly namespace: string },
  digest: string,
): Promise<AsyncIterable<Uint8Array>> {
  return openDataset(httpSender(api), { namespace: api.namespace, digest });
}

/**
 * The bytes of a dataset of this namespace, `digest` being `sha256:<hex>`; a TemporaryError at their end if they are
 * others.
 */
export async function openDataset(
  send: Send,
  { namespace, digest }: { readonly namespace: string; readonly digest: string },
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await send({ method: "GET", path: routes.dataset(namespace, digest) });
  await expectOk(answer);
  return verified(whole(answer), digest);
}

async function* verified(bytes: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) throw new TemporaryError(`The dataset that was received is ${found}, not ${digest}.`);
}
