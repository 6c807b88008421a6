/**
 * Callers who ask the API again and again and take nothing back: unlike `Release.call` they repeat nothing, so that each
 * failure is seen. Half of them keep their connections, half make a new one for each call.
 */
import { Agent, request } from "node:https";
import { systemClock as clock } from "../../kube/clock.ts";
import { kubectl } from "./administrator.ts";

export interface SteadyCallers {
  /** Calls that were answered with 200. */
  readonly answered: number;
  /** Of the others, what came instead and when. */
  readonly failures: readonly string[];
  /** The longest time without an answer to anybody, in seconds. */
  readonly longestGap: number;
  /** Ends when each has its last answer. */
  stop(): Promise<void>;
}

export interface Calls {
  readonly namespace: string;
  readonly token: string;
  /** Of a call that reads. */
  readonly paths: readonly string[];
}

const pauseMs = 40;
/** Silence that counts as a failure. */
const patienceMs = 10_000;
const callersOfEachKind = 3;

/** Needs to be where the Service's address is reachable. */
export function callSteadily({ namespace, token, paths }: Calls): SteadyCallers {
  const service = "traintask-api";
  const inRelease = (...args: string[]): string => kubectl("get", "--namespace", "traintask", ...args);
  const host = inRelease("service", service, "-o", "jsonpath={.spec.clusterIP}");
  const ca = Buffer.from(inRelease("secret", `${service}-tls`, "-o", "jsonpath={.data.ca\\.crt}"), "base64");
  const to = { host, ca, servername: `${service}.traintask.svc`, headers: { authorization: `Bearer ${token}` } };
  const begun = clock.monotonic();
  const failures: string[] = [];
  let answered = 0;
  let longestGap = 0;
  let lastAnswer = begun;
  let stopped = false;

  const once = (path: string, agent: Agent | false): Promise<number> =>
    new Promise((resolve, reject) => {
      const asking = request(
        { ...to, path: `${path}?namespace=${namespace}`, agent, timeout: patienceMs },
        (answer) => {
          answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
          answer.on("error", reject);
        },
      );
      asking.on("timeout", () => asking.destroy(new Error("no answer")));
      asking.on("error", reject).end();
    });
  const caller = async (index: number): Promise<void> => {
    const agent = index % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
    for (let round = index; !stopped; round++) {
      const result = await once(paths[round % paths.length] ?? "", agent).catch((error: unknown) => error);
      const now = clock.monotonic();
      if (result === 200) {
        answered += 1;
        longestGap = Math.max(longestGap, now - lastAnswer);
        lastAnswer = now;
      } else
        failures.push(`${((now - begun) / 1000).toFixed(1)} s: ${agent === false ? "new" : "kept"}: ${String(result)}`);
      await clock.sleep(pauseMs);
    }
  };
  const callers = Array.from({ length: 2 * callersOfEachKind }, (_, index) => caller(index));
  return {
    get answered() {
      return answered;
    },
    failures,
    get longestGap() {
      return longestGap / 1000;
    },
    async stop() {
      stopped = true;
      await Promise.all(callers);
    },
  };
}
