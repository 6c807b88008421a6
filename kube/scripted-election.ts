/** Test support: candidates for one lease of a scripted server. */
import { runElection, type ElectionOptions, type Term } from "./leader.ts";
import { leases, type Lease } from "./objects.ts";
import { scriptedWorld, type World } from "./scripted-world.ts";

export const lease = { namespace: "default", name: "operator" };

export interface Candidate {
  /** The terms so far; the last one may have ended. */
  readonly terms: Term[];
  readonly leads: () => boolean;
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

export interface ElectionWorld extends World {
  /** A candidate that leads until its term ends, unless told otherwise. */
  readonly candidate: (identity: string, overrides?: Partial<ElectionOptions>) => Candidate;
  /** What the server has of the lease. */
  readonly held: () => Lease["spec"];
  /** Writes the lease as somebody else, who asked nobody. */
  readonly steal: (identity: string) => Promise<void>;
  /** Runs the world for so long, and fails when two lead at one moment. */
  readonly watchFor: (ms: number, candidates: readonly Candidate[]) => Promise<void>;
}

export async function electionWorld(): Promise<ElectionWorld> {
  const world = await scriptedWorld();
  const stop = new AbortController();
  const elections: Promise<void>[] = [];
  return {
    ...world,
    candidate(identity, overrides = {}) {
      const own = new AbortController();
      stop.signal.addEventListener("abort", () => own.abort());
      const terms: Term[] = [];
      const lead = async (term: Term): Promise<void> => {
        terms.push(term);
        await new Promise((resolve) => term.signal.addEventListener("abort", resolve, { once: true }));
      };
      const { client, clock, log } = world;
      const ended = runElection({ client, clock, log, signal: own.signal, lease, identity, lead, ...overrides });
      elections.push(ended);
      return { terms, ended, stop: () => own.abort(), leads: () => terms.at(-1)?.isLeading() ?? false };
    },
    held() {
      const object: Lease | undefined = world.server.objects.get("default/operator");
      return object?.spec;
    },
    async steal(identity) {
      const current = await world.client.get<Lease>(leases, lease);
      const { resourceVersion: _any, ...metadata } = current.metadata ?? {};
      const spec = { ...current.spec, holderIdentity: identity };
      await world.client.update<Lease>(leases, { ...current, metadata, spec });
    },
    async watchFor(ms, candidates) {
      const end = world.clock.monotonic() + ms;
      await world.until(() => {
        if (candidates.filter((candidate) => candidate.leads()).length > 1) throw new Error("two lead at one moment");
        return world.clock.monotonic() >= end;
      });
    },
    async close() {
      stop.abort();
      let ended = false;
      void Promise.all(elections).then(() => (ended = true));
      await world.until(() => ended);
      await world.close();
    },
  };
}
