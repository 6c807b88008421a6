import { beforeEach, describe, expect, it } from "vitest";
import { virtualClock, type VirtualClock } from "../../kube/virtual-clock.ts";
import { strangerLimit } from "./stranger-limit.ts";
import type { StrangerLimit } from "./stranger-limit.ts";

let clock: VirtualClock;
let limit: StrangerLimit;
let asked: number;
beforeEach(() => {
  clock = virtualClock();
  limit = strangerLimit(clock);
  asked = 0;
});

let made = 0;
/** One request with this token; `good` ones are known to Kubernetes. Answers the status that it gets. */
async function send(from: string, token = `made-up-${made++}`): Promise<number> {
  const question = (): Promise<string | undefined> => {
    asked += 1;
    return Promise.resolve(token.startsWith("good") ? token : undefined);
  };
  try {
    return (await limit.review({ key: token, from }, question)) === undefined ? 401 : 200;
  } catch (error) {
    expect(error).toMatchObject({ headers: { "retry-after": "1" } });
    return (error as { status: number }).status;
  }
}

async function sendMany(count: number, from: string): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let i = 0; i < count; i++) {
    const status = await send(from);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

describe("made-up tokens", () => {
  it("of one address are asked about 100 times at once and 20 times a second, and no more", async () => {
    expect(await sendMany(1000, "10.0.0.1")).toEqual({ 401: 100, 429: 900 });
    expect(asked).toBe(100);
    await clock.advance(1000);
    expect(await sendMany(1000, "10.0.0.1")).toEqual({ 401: 20, 429: 980 });
  });

  it("of many addresses are asked about 300 times at once and 60 times a second in all", async () => {
    for (let address = 0; address < 1000; address++) await sendMany(2, `10.0.1.${address}`);
    expect(asked).toBe(300);
    await clock.advance(1000);
    for (let address = 0; address < 1000; address++) await sendMany(2, `10.0.1.${address}`);
    expect(asked).toBe(360);
  });

  it("of one address leave room for the others", async () => {
    await sendMany(1000, "10.0.0.1");
    expect(await send("10.0.0.2")).toBe(401);
    expect(await send("10.0.0.2", "good-new")).toBe(200);
  });
});

describe("a good token", () => {
  it("is served while strangers try theirs from the same address, once it is known", async () => {
    expect(await send("10.0.0.1", "good")).toBe(200);
    await sendMany(1000, "10.0.0.1");
    expect(await send("10.0.0.1", "good-but-new")).toBe(429);
    for (let i = 0; i < 500; i++) expect(await send("10.0.0.1", "good")).toBe(200);
  });

  it("uses up nothing, the first time neither", async () => {
    for (let i = 0; i < 1000; i++) expect(await send("10.0.0.1", `good-${i}`)).toBe(200);
    expect(await sendMany(101, "10.0.0.1")).toEqual({ 401: 100, 429: 1 });
  });

  it("is a stranger's again once it is no longer good", async () => {
    let isGood = true;
    const question = (): Promise<true | undefined> => Promise.resolve(isGood ? true : undefined);
    const ask = (): Promise<unknown> => limit.review({ key: "revoked", from: "10.0.0.1" }, question);
    await ask();
    isGood = false;
    for (let i = 0; i < 101; i++) expect(await ask()).toBeUndefined();
    await expect(ask()).rejects.toMatchObject({ status: 429 });
  });
});

describe("a question without an answer", () => {
  it("is no proof of anything: its permit is used up", async () => {
    const question = (): Promise<undefined> => Promise.reject(new Error("no answer"));
    const ask = (): Promise<unknown> => limit.review({ key: "x", from: "10.0.0.1" }, question);
    for (let i = 0; i < 100; i++) await expect(ask()).rejects.toThrow("no answer");
    await expect(ask()).rejects.toMatchObject({ status: 429 });
  });
});
