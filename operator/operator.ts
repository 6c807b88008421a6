/**
 * The operator: turns TrainTasks into Jobs and follows them to their end. Composition only; the decisions are in
 * plan.ts and admission.ts, and this file reads as a list of what runs.
 *
 *     reflectors ──changes──> task loop (a task):   observe ──> plan ──> carry out
 *                        └──> admission (a queue):  recount ──> line up ──> create Jobs
 */
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { Health } from "./health.ts";
import { silentObserver } from "./observer.ts";
import type { OperatorObserver } from "./observer.ts";
import { runElection } from "../kube/leader.ts";
import type { Log } from "../kube/log.ts";
import { leadingClient } from "../kube/leading-client.ts";
import { runTerm } from "./term.ts";
import type { TermOptions } from "./term.ts";
import { leaseName } from "./settings.ts";
import type { OperatorSettings } from "./settings.ts";

export interface OperatorOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: OperatorSettings;
  /** The authority that signs the API's certificate, as PEM, at this moment; absent: that of the settings. */
  readonly authority?: () => string;
  /** Told of what the operator does, for metrics. */
  readonly observe?: OperatorObserver;
  /** Stops the operator: what it is writing is finished or given up, nothing else is begun. */
  readonly signal: AbortSignal;
}

export interface Operator {
  /** Resolves when it first acts: it leads, and its caches are full. Never, if it never leads. */
  readonly ready: Promise<void>;
  /** For probes. */
  readonly health: Pick<Health, "unhealthy" | "unready">;
  /** Resolves when the signal has aborted and nothing runs any more. Never rejects. */
  readonly stopped: Promise<void>;
}

/**
 * Starts an operator. Any number of them may run on one API server: one acts, the others stand by; and should two ever
 * act at once, the names of Jobs and the rule that finished is final keep them from doing harm.
 */
export function startOperator(options: OperatorOptions): Operator {
  const { client, clock, log, settings, signal, observe = silentObserver } = options;
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const health = new Health(clock);
  const lead = async (term: Pick<TermOptions, "client" | "signal">): Promise<void> => {
    health.enter("filling");
    const onReady = (): void => {
      health.enter("acting");
      resolve();
    };
    await runTerm({ ...options, ...term, observe, onReady });
    health.enter("starting");
  };
  if (!settings.leaderElection) return { ready, health, stopped: lead({ client, signal }) };
  const stopped = runElection({
    client,
    clock,
    log,
    signal,
    lease: { namespace: settings.namespace, name: leaseName(settings.controllerName) },
    identity: settings.identity,
    observe: health,
    lead: (term) => lead({ client: leadingClient(client, term), signal: term.signal }),
  });
  return { ready, health, stopped };
}
