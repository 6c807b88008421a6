/** `dryRun=All`: everything is checked, nothing is written. */
import { invalidOption, notSupported } from "../status.ts";

/** @throws StatusError 422 for another word than All */
export function isDryRun(query: URLSearchParams): boolean {
  const words = query.getAll("dryRun").filter((word) => word !== "");
  const wrong = words.find((word) => word !== "All");
  if (wrong !== undefined) throw invalidOption("CreateOptions", notSupported("dryRun", wrong, ["All"]));
  return words.length > 0;
}
