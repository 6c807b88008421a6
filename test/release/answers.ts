/** What a finished task's owner gets for asking: the model, whole, and all that it says of itself. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Release } from "./release.ts";

interface Answer {
  readonly status: { readonly state: string; readonly model?: { readonly digest: string; readonly partial: boolean } };
  readonly links: Readonly<Record<string, string>>;
}

export interface Owner {
  readonly namespace: string;
  readonly name: string;
  readonly token: string;
}

/** Downloads the model over HTTP. @returns its digest, which is the one in the task's status */
export async function downloaded(release: Release, { namespace, name, token }: Owner): Promise<string> {
  const path = `/v1/tasks/${name}`;
  const ask = (what: string): Promise<Response> => release.call(`${path}${what}?namespace=${namespace}`, {}, { token });
  const task = (await (await ask("")).json()) as Answer;
  expect(task.status).toMatchObject({ state: "Succeeded", model: { partial: false } });
  const model = await ask("/model");
  expect(model.status).toBe(200);
  const digest = `sha256:${createHash("sha256")
    .update(Buffer.from(await model.arrayBuffer()))
    .digest("hex")}`;
  expect(digest).toBe(task.status.model?.digest);
  return digest;
}

/** Follows each link of the task, reads its log and its report, and lets its model predict. */
export async function everythingElse(release: Release, { namespace, name, token }: Owner, row: object): Promise<void> {
  const query = `?namespace=${namespace}`;
  const task = (await (await release.call(`/v1/tasks/${name}${query}`, {}, { token })).json()) as Answer;
  const read = ["self", "logs", "report", "model"];
  expect(Object.keys(task.links)).toEqual(expect.arrayContaining(read));
  for (const link of read) {
    const { pathname, search } = new URL(task.links[link] ?? "", "https://api");
    const response = await release.call(pathname + search, {}, { token });
    expect([link, response.status]).toEqual([link, 200]);
    expect([link, (await response.text()).length > 0]).toEqual([link, true]);
  }
  const prediction = await release.call(
    `/v1/tasks/${name}/predict${query}`,
    { method: "POST", body: JSON.stringify({ rows: [row] }), headers: { "content-type": "application/json" } },
    { token },
  );
  expect(prediction.status).toBe(200);
  expect(await prediction.json()).toMatchObject({ predictions: [expect.any(Object)] });
}
