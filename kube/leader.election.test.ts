/** Several candidates, one leader: also when their clocks disagree. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leases, type Lease } from "./objects.ts";
import { electionWorld, lease, type ElectionWorld } from "./scripted-election.ts";

let world: ElectionWorld;
beforeEach(async () => {
  world = await electionWorld();
});
afterEach(() => world.close());

describe("an election", () => {
  it("makes the only candidate the leader, who renews its lease every two seconds", async () => {
    const one = world.candidate("one");
    await world.until(one.leads);
    expect(world.held()).toMatchObject({ holderIdentity: "one", leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(world.held()?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const before = world.server.count("update");
    await world.watchFor(60_000, [one]);
    expect(one.leads()).toBe(true);
    expect(world.server.count("update") - before).toBeGreaterThanOrEqual(28);
    expect(one.terms).toHaveLength(1);
  });

  it("has one leader among several candidates", async () => {
    const all = ["one", "two", "three"].map((identity) => world.candidate(identity));
    await world.until(() => all.some((candidate) => candidate.leads()));
    await world.watchFor(120_000, all);
    expect(all.filter((candidate) => candidate.terms.length > 0)).toHaveLength(1);
  });

  it("passes at once to the next when the leader stops, after its work has ended", async () => {
    let working = false;
    const one = world.candidate("one", {
      lead: async (term) => {
        working = true;
        await world.clock.sleep(3_600_000, term.signal);
        await world.clock.sleep(2000);
        working = false;
      },
    });
    await world.until(() => working);
    const two = world.candidate("two");
    await world.watchFor(5000, [two]);
    one.stop();
    const stoppedAt = world.clock.monotonic();
    await world.until(() => {
      if (two.leads()) expect(working).toBe(false);
      return two.leads();
    });
    expect(world.clock.monotonic() - stoppedAt).toBeLessThan(6000);
    await one.ended;
    expect(world.held()).toMatchObject({ holderIdentity: "two", leaseTransitions: 1 });
  });

  it("passes to another when the leader dies, no sooner than its lease ends", async () => {
    await world.client.create<Lease>(leases, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: lease,
      spec: { holderIdentity: "dead", leaseDurationSeconds: 20 },
    });
    const began = world.clock.monotonic();
    const two = world.candidate("two");
    await world.until(two.leads);
    expect(world.clock.monotonic() - began).toBeGreaterThanOrEqual(20_000);
    expect(world.clock.monotonic() - began).toBeLessThan(26_000);
  });

  const skews: Record<string, number> = { "an hour ahead of": 3_600_000, "an hour behind": -3_600_000 };
  for (const [name, skew] of Object.entries(skews)) {
    it(`goes by what candidates see, not by clocks: one is ${name} the other`, async () => {
      const one = world.candidate("one");
      await world.until(one.leads);
      const skewed = { ...world.clock, now: () => world.clock.now() + skew };
      const two = world.candidate("two", { clock: skewed });
      await world.watchFor(60_000, [one, two]);
      expect(one.leads()).toBe(true);
      one.stop();
      await world.until(two.leads);
      const three = world.candidate("three");
      await world.watchFor(60_000, [two, three]);
      expect(two.leads()).toBe(true);
    });
  }

  it("is not disturbed when the leader's wall clock jumps", async () => {
    const one = world.candidate("one");
    const two = world.candidate("two");
    await world.until(() => one.leads() || two.leads());
    world.clock.jump(-86_400_000);
    await world.watchFor(60_000, [one, two]);
    expect(one.terms.length + two.terms.length).toBe(1);
  });
});
