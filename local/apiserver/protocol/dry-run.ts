/** `dryRun=All`: everything is checked, nothing is written. */
import { badRequest } from "../status.ts";

/** @throws StatusError 400 for another word than All */
export function isDryRun(query: URLSearchParams): boolean {
  const words = query.getAll("dryRun").filter((word) => word !== "");
  const wrong = words.find((word) => word !== "All");
  if (wrong !== undefined) throw badRequest(`dryRun: Unsupported value: "${wrong}": supported values: "All"`);
  return words.length > 0;
}
