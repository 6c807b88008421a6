/** Everything that is in a cluster, by name: what an installation adds to it, and leaves behind. */
import { kubectl } from "./administrator.ts";

/** Each object as `Kind namespace name`; events, which come and go by themselves, are left out. */
export function everyObject(): string[] {
  const lines = (...args: string[]): string[] => kubectl(...args).split("\n");
  const kinds = lines("api-resources", "--verbs=list", "--output=name").filter((kind) => !/^events\b/.test(kind));
  const columns = "custom-columns=:.kind,:.metadata.namespace,:.metadata.name";
  return lines("get", kinds.join(","), "--all-namespaces", "--no-headers", "--output", columns)
    .map((line) => line.replaceAll(/ +/g, " ").trim())
    .toSorted();
}
