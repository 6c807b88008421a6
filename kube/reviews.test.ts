import { describe, expect, it } from "vitest";
import type { KubeObject, Resource } from "./objects.ts";
import { reviewAccess, reviewToken } from "./reviews.ts";

/** A server that answers each review with this status, and notes what it was asked. */
function serverThatSays(status: object): { create: Parameters<typeof reviewToken>[0]; asked: KubeObject[] } {
  const asked: KubeObject[] = [];
  return {
    asked,
    create: <T>(_resource: Resource, object: KubeObject) => {
      asked.push(object);
      return Promise.resolve({ ...object, status } as T);
    },
  };
}

const user = { username: "system:serviceaccount:a:b", uid: "u", groups: ["g"], extra: { "pod-uid": ["p"] } };
const question = { token: "secret", audiences: ["traintask"] };

describe("a token", () => {
  it("tells who bears it and for whom it was made", async () => {
    const { create, asked } = serverThatSays({ authenticated: true, user, audiences: ["traintask", "other"] });
    expect(await reviewToken(create, question)).toEqual({ ...user, audiences: ["traintask"] });
    expect(asked[0]).toMatchObject({ kind: "TokenReview", spec: question });
  });

  it("is asked about for the API server itself when no audience is named, whatever that calls itself", async () => {
    const own = { token: "secret", audiences: [] };
    const { create, asked } = serverThatSays({ authenticated: true, user, audiences: ["https://kubernetes"] });
    expect(await reviewToken(create, own)).toEqual({ ...user, audiences: ["https://kubernetes"] });
    expect(asked[0]).toMatchObject({ spec: own });
    expect(await reviewToken(serverThatSays({ authenticated: true, user }).create, own)).toMatchObject(user);
    expect(await reviewToken(serverThatSays({ authenticated: false }).create, own)).toBeUndefined();
  });

  const refused: Record<string, object> = {
    "that the server does not know": { authenticated: false, error: "invalid" },
    "made for others": { authenticated: true, user, audiences: ["kubernetes"] },
    "that a server checked which knows no audiences": { authenticated: true, user },
    "of nobody": { authenticated: true, user: {}, audiences: ["traintask"] },
    "of which the server says nothing": {},
  };
  for (const [name, status] of Object.entries(refused)) {
    it(`${name} is not valid`, async () => {
      expect(await reviewToken(serverThatSays(status).create, question)).toBeUndefined();
    });
  }
});

describe("access", () => {
  const ask = { user, verb: "create", group: "traintask.dev", resource: "traintasks", namespace: "a" };

  it("is granted when the server allows it", async () => {
    const { create, asked } = serverThatSays({ allowed: true, reason: "RBAC" });
    expect(await reviewAccess(create, ask)).toEqual({ allowed: true, reason: "RBAC" });
    const { user: _user, ...resourceAttributes } = ask;
    const { username, ...rest } = user;
    expect(asked[0]).toMatchObject({
      kind: "SubjectAccessReview",
      spec: { user: username, ...rest, resourceAttributes },
    });
  });

  it("is denied when the server does not allow it, or says nothing", async () => {
    expect(await reviewAccess(serverThatSays({ allowed: false, reason: "" }).create, ask)).toEqual({ allowed: false });
    expect(await reviewAccess(serverThatSays({}).create, ask)).toEqual({ allowed: false });
  });
});
