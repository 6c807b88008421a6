/** What a person should know about the rows that were to be held out. */
import type { Split } from "../data/split.ts";

export function splitWarnings({ train, test }: Split, testFraction: string): string[] {
  if (test.length > 0 || Number(testFraction) === 0) return [];
  return [`testFraction ${testFraction} of ${train.length} rows is none: there is no held-out score.`];
}
