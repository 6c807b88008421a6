import type { Request } from "express";
import { describe, expect, it } from "vitest";
import type { AccessQuestion, TokenIdentity } from "../../kube/client.ts";
import { ForbiddenError, TransportError } from "../../kube/errors.ts";
import { silentLog } from "../../kube/log.ts";
import { virtualClock } from "../../kube/virtual-clock.ts";
import { kubernetesAccess } from "./kubernetes-access.ts";
import { strangerLimit } from "./stranger-limit.ts";
import type { Rule } from "./verbs.ts";

const alice: TokenIdentity = {
  username: "alice",
  uid: "u-1",
  groups: ["scientists", "system:authenticated"],
  extra: { "example.com/team": ["a"] },
  audiences: ["https://kubernetes"],
};

/** A Kubernetes that knows the token `good`, allows what it is told to allow, and notes what it is asked. */
function setUp(templateNamespace = "flask") {
  const clock = virtualClock();
  const tokens: (readonly string[])[] = [];
  const questions: AccessQuestion[] = [];
  const kubernetes = { allowed: true, audience: undefined as string | undefined, failure: undefined as unknown };
  const access = kubernetesAccess({
    clock,
    log: silentLog,
    strangers: strangerLimit(clock),
    templateNamespace,
    client: {
      reviewToken: async (token, audiences) => {
        if (kubernetes.failure !== undefined) throw kubernetes.failure;
        tokens.push(audiences);
        const meant = kubernetes.audience === undefined ? audiences.length === 0 : audiences[0] === kubernetes.audience;
        return token === "good" && meant ? alice : undefined;
      },
      reviewAccess: async (question) => {
        questions.push(question);
        return { allowed: kubernetes.allowed };
      },
    },
  });
  const pass = (rule: Partial<Rule & { who: "permitted" }> = {}, request: Partial<Request> = {}): Promise<unknown> => {
    const guard = access.guard({ who: "permitted", verb: "list", namespace: "query", ...rule });
    return new Promise((resolve, reject) => {
      const result: unknown = guard(aRequest(request), {} as never, resolve);
      if (result instanceof Promise) result.catch(reject);
    });
  };
  return { clock, kubernetes, tokens, questions, pass };
}

function aRequest(overrides: Partial<Request> = {}): Request {
  const request = {
    method: "GET",
    path: "/",
    params: {},
    query: {},
    socket: {},
    headers: bearer("good"),
    ...overrides,
  };
  return request as unknown as Request;
}
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe("Kubernetes is asked", () => {
  it("whose the token is and whether they may, with all that it said of them", async () => {
    const { pass, questions } = setUp();
    await pass({ verb: "get", subresource: "logs" }, { params: { name: "iris" }, query: { namespace: "a" } });
    const { audiences: _, ...user } = alice;
    expect(questions).toMatchObject([
      {
        user,
        verb: "get",
        group: "traintask.dev",
        resource: "traintasks",
        subresource: "logs",
        namespace: "a",
        name: "iris",
      },
    ]);
  });

  it("about a token first as one for the API server, then as one for traintask.dev", async () => {
    const { pass, tokens, kubernetes } = setUp();
    kubernetes.audience = "traintask.dev";
    await pass();
    expect(tokens).toEqual([[], ["traintask.dev"]]);
  });

  it("once in 10 s about the same token and right, and again after that", async () => {
    const { pass, tokens, questions, clock } = setUp();
    for (let i = 0; i < 5; i++) await pass();
    await clock.advance(9999);
    await pass();
    expect([tokens.length, questions.length]).toEqual([1, 1]);
    await clock.advance(1);
    await pass();
    expect([tokens.length, questions.length]).toEqual([2, 2]);
  });

  it("again about another right, name or namespace, and about another token", async () => {
    const { pass, questions } = setUp();
    await pass();
    await pass({ verb: "create" });
    await pass({}, { params: { name: "iris" } });
    await pass({}, { query: { namespace: "b" } });
    expect(questions).toHaveLength(4);
    await expect(pass({}, { headers: bearer("other") })).rejects.toMatchObject({ status: 401 });
  });

  it("again a second after it refused, so that a new right soon serves", async () => {
    const { pass, kubernetes, questions, clock } = setUp();
    kubernetes.allowed = false;
    await expect(pass()).rejects.toMatchObject({ status: 403 });
    kubernetes.allowed = true;
    await clock.advance(999);
    await expect(pass()).rejects.toMatchObject({ status: 403 });
    expect(questions).toHaveLength(1);
    await clock.advance(1);
    await pass();
  });

  const failures: Record<string, unknown> = {
    "cannot be reached": new TransportError("connection refused"),
    "does not let this API ask": new ForbiddenError({ code: 403, message: "cannot create resource tokenreviews" }),
  };
  for (const [name, failure] of Object.entries(failures)) {
    it(`and when it ${name}, nobody comes in, and it is not called the caller's fault`, async () => {
      const { pass, kubernetes } = setUp();
      kubernetes.failure = failure;
      await expect(pass()).rejects.toMatchObject({ status: 503, headers: { "retry-after": "1" } });
      kubernetes.failure = undefined;
      await pass();
    });
  }
});

describe("made-up tokens", () => {
  it("are asked about only so often, and who has a good token is served meanwhile", async () => {
    const { pass, tokens, clock } = setUp();
    await pass();
    tokens.length = 0;
    const statuses = new Set<unknown>();
    for (let i = 0; i < 1000; i++) {
      await pass({}, { headers: bearer(`made-up-${i}`) }).catch(({ status }: { status: unknown }) =>
        statuses.add(status),
      );
    }
    expect(tokens).toHaveLength(2 * 100);
    expect(statuses).toEqual(new Set([401, 429]));
    await clock.advance(10_000);
    await pass();
  });
});

describe("the namespace of a question", () => {
  const cases: Record<
    string,
    { source: "query" | "query or all" | "template"; query?: object; asked: string | undefined }
  > = {
    "is that of the query": { source: "query", query: { namespace: "a" }, asked: "a" },
    "is default when the query names none": { source: "query", asked: "default" },
    "is none, for all of them, where a call is about all": { source: "query or all", asked: undefined },
    "is the one that such a call is limited to": { source: "query or all", query: { namespace: "a" }, asked: "a" },
    "is that of the template, whatever the query says": {
      source: "template",
      query: { namespace: "a" },
      asked: "flask",
    },
  };
  for (const [name, { source, query = {}, asked }] of Object.entries(cases)) {
    it(name, async () => {
      const { pass, questions } = setUp();
      await pass({ namespace: source }, { query: query as Request["query"] });
      expect(questions.map(({ namespace }) => namespace)).toEqual([asked]);
    });
  }

  it("is left to the endpoint when the body may name it, but a token is asked for before", async () => {
    const { pass, questions } = setUp();
    await pass({ namespace: "query or body" });
    expect(questions).toEqual([]);
    await expect(pass({ namespace: "query or body" }, { headers: {} })).rejects.toMatchObject({ status: 401 });
  });

  const malformed = { "no namespace": "A/b", "two of them": ["a", "b"] };
  for (const [name, namespace] of Object.entries(malformed)) {
    it(`that is ${name} is a 400, to those who have a token`, async () => {
      const { pass, questions } = setUp();
      const query = { namespace } as Request["query"];
      await expect(pass({}, { query })).rejects.toMatchObject({ status: 400 });
      await expect(pass({}, { query, headers: {} })).rejects.toMatchObject({ status: 401 });
      expect(questions).toEqual([]);
    });
  }
});
