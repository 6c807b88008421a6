/** Tokens of service accounts, and questions about them. */
import { expect, test } from "vitest";
import { pods, type Pod } from "../../kube/objects.ts";
import { serviceAccounts } from "../builders/kinds.ts";
import { ask, eventually, type Reply } from "./ask.ts";
import type { Harness, HarnessOf } from "./harness.ts";

interface TokenRequest {
  readonly spec: { readonly audiences: string[]; readonly expirationSeconds: number };
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

export function tokenCases(harness: HarnessOf): void {
  /** A namespace whose default service account is there. */
  const withAccount = async (): Promise<Harness & { place: string }> => {
    const place = await harness().namespace();
    await eventually(() => harness().client.get(serviceAccounts, { namespace: place, name: "default" }));
    return { ...harness(), place };
  };
  const request = (place: string, spec: object, account = "default"): Promise<Reply> =>
    ask(harness(), `/api/v1/namespaces/${place}/serviceaccounts/${account}/token`, {
      method: "POST",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec },
    });
  const token = async (place: string, spec: object): Promise<string> =>
    (await request(place, spec)).json<TokenRequest>().status.token;

  test("every namespace has a default service account", async () => {
    await withAccount();
  });

  test("a token is given for the asked audience and time", async () => {
    const { place } = await withAccount();
    const reply = await request(place, { audiences: ["one"], expirationSeconds: 700 });
    expect(reply.status).toBe(201);
    const { spec, status } = reply.json<TokenRequest>();
    expect(spec).toMatchObject({ audiences: ["one"], expirationSeconds: 700 });
    expect(Date.parse(status.expirationTimestamp)).not.toBeNaN();
  });

  test("a token tells its bearer to whom it was made for", async () => {
    const { place, client } = await withAccount();
    const identity = await client.reviewToken(await token(place, { audiences: ["one", "two"] }), ["two", "three"]);
    expect(identity).toMatchObject({ username: `system:serviceaccount:${place}:default`, audiences: ["two"] });
    expect(identity?.groups).toEqual(
      expect.arrayContaining(["system:serviceaccounts", `system:serviceaccounts:${place}`]),
    );
  });

  test("a token is worth nothing to another audience", async () => {
    const { place, client } = await withAccount();
    expect(await client.reviewToken(await token(place, { audiences: ["one"] }), ["two"])).toBeUndefined();
  });

  test("a text that is no token, and a token that was tampered with, are worth nothing", async () => {
    const { place, client } = await withAccount();
    const good = await token(place, { audiences: ["one"] });
    const [header = "", claims = "", signature = ""] = good.split(".");
    const changed = Buffer.from(claims, "base64url").toString().replace(`:${place}:`, ":kube-system:");
    const forged = [header, Buffer.from(changed).toString("base64url"), signature].join(".");
    for (const text of ["nonsense", "a.b.c", `${good}x`, forged]) {
      expect(await client.reviewToken(text, ["one"])).toBeUndefined();
    }
  });

  test("a token bound to a pod names the pod, and dies with it", async () => {
    const { place, client } = await withAccount();
    const key = { namespace: place, name: "p" };
    const spec = { nodeSelector: { no: "such-node" }, containers: [{ name: "c", image: "none" }] };
    const { metadata } = await client.create<Pod>(pods, { metadata: key, spec });
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "p", uid: metadata?.uid };
    const bound = await token(place, { audiences: ["one"], boundObjectRef });
    expect((await client.reviewToken(bound, ["one"]))?.extra).toMatchObject({
      "authentication.kubernetes.io/pod-name": ["p"],
      "authentication.kubernetes.io/pod-uid": [metadata?.uid],
    });
    await client.delete(pods, key);
    // A server may remember its last verdict for some seconds.
    await eventually(async () => expect(await client.reviewToken(bound, ["one"])).toBeUndefined());
  });

  test("a token for a pod that is another one by now is refused", async () => {
    const { place, client } = await withAccount();
    const spec = { nodeSelector: { no: "such-node" }, containers: [{ name: "c", image: "none" }] };
    await client.create<Pod>(pods, { metadata: { namespace: place, name: "p" }, spec });
    const uid = "00000000-0000-4000-8000-000000000000";
    const reply = await request(place, {
      audiences: ["one"],
      boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p", uid },
    });
    expect([404, 409]).toContain(reply.status);
  });

  test("a token of less than ten minutes is refused", async () => {
    const { place } = await withAccount();
    const reply = await request(place, { audiences: ["one"], expirationSeconds: 599 });
    expect(reply.status).toBe(422);
    expect(reply.json().message).toContain("spec.expirationSeconds");
  });

  test("a token of an account that is not there is a 404", async () => {
    const { place } = await withAccount();
    expect((await request(place, { audiences: ["one"] }, "nobody")).status).toBe(404);
  });

  test("whoever may do everything is told so", async () => {
    const { client } = harness();
    const question = { user: { username: "admin", groups: ["system:masters"], extra: {} }, verb: "create" };
    const verdict = await client.reviewAccess({ ...question, group: "batch", resource: "jobs", namespace: "default" });
    expect(verdict.allowed).toBe(true);
  });
}
