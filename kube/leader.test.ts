/** What can happen to a leader and to a candidate, on real sockets. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leases, type Lease } from "./objects.ts";
import { answers, loseReply, reset, silence } from "./scripted-faults.ts";
import { electionWorld, lease, type ElectionWorld } from "./scripted-election.ts";

let world: ElectionWorld;
beforeEach(async () => {
  world = await electionWorld();
});
afterEach(() => world.close());

describe("an observer of an election", () => {
  it("hears of every attempt to get the lease and to renew it, answered or not, and of standing by", async () => {
    const heard: string[] = [];
    const observe = { trying: () => void heard.push("trying"), standingBy: () => void heard.push("standing by") };
    const one = world.candidate("one");
    await world.until(one.leads);
    const two = world.candidate("two", { observe });
    await world.until(() => heard.length >= 4);
    expect(heard.slice(0, 4)).toEqual(["trying", "standing by", "trying", "standing by"]);
    one.stop();
    await world.until(two.leads);
    heard.length = 0;
    world.server.fail("update", answers(500, "InternalError"), reset);
    await world.watchFor(9000, [two]);
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expect(new Set(heard)).toEqual(new Set(["trying"]));
  });
});

describe("a leader", () => {
  it("stops when its lease was stolen, and campaigns again", async () => {
    const one = world.candidate("one");
    await world.until(one.leads);
    await world.steal("thief");
    await world.until(() => one.terms[0]?.signal.aborted === true);
    expect(one.leads()).toBe(false);
    expect(world.held()?.holderIdentity).toBe("thief");
    await world.until(one.leads);
    expect(one.terms).toHaveLength(2);
  });

  it("goes on when only the answer to its renewal was lost", async () => {
    const one = world.candidate("one");
    await world.until(one.leads);
    world.server.fail("update", loseReply);
    await world.watchFor(30_000, [one]);
    expect(world.server.faultsLeft).toBe(0);
    expect(one.leads()).toBe(true);
    expect(one.terms).toHaveLength(1);
  });

  it("leads when only the answer to its first write was lost", async () => {
    world.server.fail("create", loseReply);
    const one = world.candidate("one");
    await world.until(one.leads);
    expect(world.held()?.holderIdentity).toBe("one");
    await world.watchFor(30_000, [one]);
    expect(one.leads()).toBe(true);
  });

  const passing: Record<string, Parameters<ElectionWorld["server"]["fail"]>[1]> = {
    "a 500": answers(500, "InternalError"),
    "a 429": answers(429, "TooManyRequests", { "retry-after": "1" }),
    "a reset": reset,
    "a request that is never answered": silence,
  };
  for (const [name, fault] of Object.entries(passing)) {
    it(`survives ${name} between two renewals`, async () => {
      const one = world.candidate("one");
      await world.until(one.leads);
      world.server.fail("update", fault);
      await world.watchFor(30_000, [one]);
      expect(one.leads()).toBe(true);
      expect(one.terms).toHaveLength(1);
    });
  }

  it("leads no more ten seconds after its last renewal was sent, five before others may", async () => {
    const one = world.candidate("one");
    const two = world.candidate("two");
    await world.until(() => one.leads() || two.leads());
    const leader = one.leads() ? one : two;
    const next = leader === one ? two : one;
    await world.clock.advance(3000);
    const renewedAt = (): number => world.server.seen.findLast((request) => request.kind !== "get")?.at ?? 0;
    const before = renewedAt();
    // From now on the leader's writes hang, the other's do not.
    const nextIdentity = leader === one ? '"two"' : '"one"';
    for (let times = 0; times < 30; times++) {
      world.server.fail("update", ({ serve }) => {
        if (world.server.seen.findLast((request) => request.kind === "update")?.body.includes(nextIdentity)) serve();
      });
    }
    await world.until(() => !leader.leads());
    const lostAfter = world.clock.monotonic() - before;
    expect(lostAfter).toBeGreaterThanOrEqual(9_900);
    expect(lostAfter).toBeLessThanOrEqual(10_100);
    await world.until(() => leader.terms[0]?.signal.aborted === true);
    expect(world.clock.monotonic() - before).toBeLessThanOrEqual(10_200);
    await world.until(() => {
      expect(leader.leads() && next.leads()).toBe(false);
      return next.leads();
    });
    expect(world.clock.monotonic() - before).toBeGreaterThanOrEqual(15_000);
  });

  it("counts from when it sent a renewal, not from when the answer came", async () => {
    let sentAt = 0;
    world.server.fail("create", ({ serve }) => {
      sentAt = world.clock.monotonic();
      world.clock.after(3000, serve);
    });
    world.server.fail("update", ...Array.from({ length: 9 }, () => silence));
    const one = world.candidate("one");
    await world.until(one.leads);
    await world.until(() => !one.leads());
    expect(world.clock.monotonic() - sentAt).toBeLessThanOrEqual(10_100);
  });

  it("that was stopped for a minute knows that its term is over before anything tells it", async () => {
    const own = { ...world.clock, late: 0, monotonic: () => world.clock.monotonic() + own.late };
    const one = world.candidate("one", { clock: own });
    await world.until(one.leads);
    own.late = 60_000;
    expect(one.leads()).toBe(false);
    expect(one.terms[0]?.signal.aborted).toBe(false);
  });

  it("takes a lease that was deleted for lost", async () => {
    const one = world.candidate("one");
    await world.until(one.leads);
    world.server.objects.remove("operator");
    await world.until(() => one.terms[0]?.signal.aborted === true);
    await world.until(() => one.terms.length === 2);
  });

  it("whose work fails or ends leads again later", async () => {
    let terms = 0;
    world.candidate("one", {
      lead: () => {
        terms += 1;
        return terms === 1 ? Promise.reject(new Error("a bug")) : Promise.resolve();
      },
    });
    await world.until(() => terms === 3);
    expect(world.log.errors).toContain("the leader's work failed");
    expect(world.clock.monotonic()).toBeGreaterThanOrEqual(4000);
  });

  it("that cannot release its lease lets it expire", async () => {
    const one = world.candidate("one");
    await world.until(one.leads);
    world.server.fail("update", answers(500, "InternalError"));
    one.stop();
    let ended = false;
    void one.ended.then(() => (ended = true));
    await world.until(() => ended);
    expect(world.held()?.holderIdentity).toBe("one");
  });
});

describe("a candidate", () => {
  const troubles: Record<string, Parameters<ElectionWorld["server"]["fail"]>> = {
    "403 for a while": ["get", answers(403, "Forbidden"), answers(403, "Forbidden")],
    "a reset": ["get", reset],
    "a request that is never answered": ["get", silence],
    "another who is quicker to create": ["create", answers(409, "AlreadyExists")],
  };
  for (const [name, [kind, ...faults]] of Object.entries(troubles)) {
    it(`is not stopped by ${name}`, async () => {
      world.server.fail(kind, ...faults);
      const one = world.candidate("one");
      await world.until(one.leads);
    });
  }

  it("stops at once when it is told to", async () => {
    await world.client.create<Lease>(leases, {
      metadata: lease,
      spec: { holderIdentity: "other", leaseDurationSeconds: 15 },
    });
    const one = world.candidate("one");
    await world.until(() => world.server.count("get") > 0);
    one.stop();
    await one.ended;
    expect(one.terms).toEqual([]);
  });
});
