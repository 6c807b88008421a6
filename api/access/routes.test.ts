import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDoor, callsOfRouter } from "../../test/api/door.ts";
import type { Door } from "../../test/api/door.ts";
import { createTask, startPod } from "../../test/api/pod.ts";
import type { TestPod } from "../../test/api/pod.ts";
import { serviceAccounts } from "../../test/builders/kinds.ts";
import { tokenAudience } from "../../traintask/contract.ts";
import { trainTasks } from "../../traintask/names.ts";
import { ruleFor } from "./verbs.ts";

let door: Door;
let pod: TestPod;
let otherPod: TestPod;
beforeAll(async () => {
  door = await aDoor();
  pod = await startPod(door.stack, await createTask(door.stack, "iris"));
  otherPod = await startPod(door.stack, await createTask(door.stack, "other"));
});
afterAll(async () => {
  await door.stack.close();
});

const calls = callsOfRouter();
const closed = calls.filter((call) => ruleFor(call).who !== "anyone");
const forPeople = closed.filter((call) => ruleFor(call).who === "permitted");
const forPods = closed.filter((call) => ruleFor(call).who === "pod");

/** Status of each of these calls, by call. */
async function statuses(some: typeof closed, authorization: string | undefined): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const call of some) found[`${call.method} ${call.path}`] = (await door.make(call, authorization)).status;
  return found;
}
const all = (some: typeof closed, status: number): Record<string, number> =>
  Object.fromEntries(some.map(({ method, path }) => [`${method} ${path}`, status]));

describe("the router", () => {
  it("has the calls that it should, and only healthz and readyz are open", () => {
    expect(closed.length).toBeGreaterThan(20);
    const open = calls.filter((call) => ruleFor(call).who === "anyone");
    expect(open.map(({ path }) => path).toSorted()).toEqual(["/healthz", "/readyz"]);
  });

  it("refuses every other method with 405, to anybody", async () => {
    for (const path of new Set(calls.map((call) => call.path)))
      expect((await door.make({ method: "purge", path }, undefined)).status).toBe(405);
  });
});

describe("HEAD, which Express answers as it answers GET,", () => {
  it("is refused like it", async () => {
    const paths = closed.filter(({ method }) => method === "get").map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) expect((await door.make({ method: "head", path }, undefined)).status).toBe(401);
  });
});

describe("every call is refused with 401", () => {
  const audience = "traintask.dev/namespaces/default/traintasks/iris";
  const identities: Record<string, () => string | undefined> = {
    "to nobody": () => undefined,
    "to a word that is no token": () => "Bearer nothing",
    "to another scheme": () => `Basic ${Buffer.from(`alice:${door.token()}`).toString("base64")}`,
    "to a token with something behind it": () => `Bearer ${door.token()} more`,
    "to a token whose signature is another's": () => `Bearer ${door.token().slice(0, -3)}AAA`,
    "to a token that has expired": () => `Bearer ${door.token({ seconds: -1 })}`,
    "to a pod's token that has expired": () => `Bearer ${door.token({ audiences: [audience], seconds: -1, pod })}`,
    "to a token for another audience": () => `Bearer ${door.token({ audiences: ["somebody.example"] })}`,
  };
  for (const [name, identity] of Object.entries(identities)) {
    it(name, async () => {
      door.judge = () => true;
      expect(await statuses(closed, identity())).toEqual(all(closed, 401));
    });
  }

  it("to an account that was deleted", async () => {
    door.judge = () => true;
    const authorization = `Bearer ${door.token({ account: "bob" })}`;
    expect((await door.make({ method: "get", path: "/v1/counts" }, authorization)).status).toBe(200);
    await door.stack.client.delete(serviceAccounts, { namespace: "default", name: "bob" });
    door.pass(10_000);
    expect(await statuses(closed, authorization)).toEqual(all(closed, 401));
  });
});

describe("every call for people", () => {
  it("is refused with 401 to a training pod, with the token of its own task too", async () => {
    door.judge = () => true;
    expect(await statuses(forPeople, `Bearer ${pod.token}`)).toEqual(all(forPeople, 401));
  });

  it("is refused with 403 to who has no right at all, and the answer says which right is missing", async () => {
    door.judge = () => false;
    const authorization = `Bearer ${door.token()}`;
    expect(await statuses(forPeople, authorization)).toEqual(all(forPeople, 403));
    expect((await door.make({ method: "post", path: "/v1/tasks/:name/predict" }, authorization)).text).toContain(
      'system:serviceaccount:default:alice may not create traintasks.traintask.dev/predict \\"iris\\" in namespace default',
    );
  });

  it("is refused with 403 to who has rights in another namespace only", async () => {
    door.judge = ({ namespace }) => namespace === "elsewhere";
    expect(await statuses(forPeople, `Bearer ${door.token()}`)).toEqual(all(forPeople, 403));
  });

  it("is refused with 403 to who has every right but the one that it needs", async () => {
    for (const call of forPeople) {
      const rule = ruleFor(call);
      if (rule.who !== "permitted") continue;
      door.judge = ({ verb, subresource }) => verb !== rule.verb || subresource !== rule.subresource;
      const answer = await door.make(call, `Bearer ${door.token()}`);
      expect(`${call.method} ${call.path} ${answer.status}`).toBe(`${call.method} ${call.path} 403`);
    }
  });

  it("is made by who has just that one right, with a token for the API server or for traintask.dev", async () => {
    for (const [index, call] of forPeople.entries()) {
      const rule = ruleFor(call);
      if (rule.who !== "permitted") continue;
      door.judge = ({ verb, subresource, group, resource }) =>
        verb === rule.verb &&
        subresource === rule.subresource &&
        group === "traintask.dev" &&
        resource === "traintasks";
      const own = index % 2 === 0 ? {} : { audiences: ["traintask.dev"] };
      const { status } = await door.make(call, `Bearer ${door.token(own)}`);
      expect([401, 403]).not.toContain(status);
    }
  });

  it("is refused with 403 ten seconds after the right was taken away", async () => {
    const authorization = `Bearer ${door.token()}`;
    const some = forPeople.filter(({ method }) => method === "get");
    door.judge = () => true;
    for (const status of Object.values(await statuses(some, authorization))) expect(status).not.toBe(403);
    door.judge = () => false;
    door.pass(10_000);
    expect(await statuses(some, authorization)).toEqual(all(some, 403));
  });
});

describe("every call for a task's pod", () => {
  it("is refused with 401 to people, whatever they may do", async () => {
    door.judge = () => true;
    expect(await statuses(forPods, `Bearer ${door.token()}`)).toEqual(all(forPods, 401));
  });

  it("is refused with 401 to the pod of another task", async () => {
    expect(await statuses(forPods, `Bearer ${otherPod.token}`)).toEqual(all(forPods, 401));
  });

  it("is refused with 403 to who made a token for this task but is no pod of it", async () => {
    const named = forPods.filter(({ path }) => path.includes(":name"));
    const made = door.token({ audiences: [tokenAudience({ namespace: "default", name: "iris" })] });
    expect(await statuses(named, `Bearer ${made}`)).toEqual(all(named, 403));
  });
});

describe("after all that", () => {
  it("nothing was changed by anybody who was refused", async () => {
    const { items } = await door.stack.client.list(trainTasks);
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain("sneaked");
  });

  it("each decision is a line of the log, and no line holds a token or a part of one", () => {
    expect(door.lines).toContainEqual(
      expect.objectContaining({
        message: "access decided",
        user: "system:serviceaccount:default:alice",
        verb: "get",
        subresource: "logs",
        namespace: "default",
        name: "iris",
        method: "GET",
        path: "/v1/tasks/iris/logs",
        allowed: false,
      }),
    );
    expect(door.lines).toContainEqual(
      expect.objectContaining({ allowed: false, reason: "no token", path: "/AddTask" }),
    );
    const text = inspect(door.lines, { depth: 20, maxArrayLength: null, maxStringLength: null });
    expect(door.given.size).toBeGreaterThan(20);
    for (const one of [...door.given, pod.token, otherPod.token]) {
      const [, claims = "", signature = ""] = one.split(".");
      expect(text).not.toContain(claims);
      expect(text).not.toContain(signature);
    }
  });
});
