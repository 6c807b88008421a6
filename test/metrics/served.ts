/** The metrics that the two programs serve, as they serve them: each one's name and type. */
import { startMetrics } from "../../api/metrics.ts";
import { operatorMetrics } from "../../operator/metrics.ts";

export type Program = "API" | "operator";

/** Types by name. */
export async function servedMetrics(program: Program): Promise<Map<string, string>> {
  const text = program === "API" ? await ofTheApi() : await operatorMetrics().registry.metrics();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Map(types.map(([, name = "", type = ""]) => [name, type]));
}

async function ofTheApi(): Promise<string> {
  const cache = { version: 0, tasks: () => [], stateOf: () => "Queued" as const };
  const metrics = await startMetrics({ host: "127.0.0.1", port: 0, cache });
  try {
    return await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
  } finally {
    await metrics.close();
  }
}
