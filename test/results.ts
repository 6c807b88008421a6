/** What vitest's JSON says of a run, counted, and its failures in a few lines: what scrolled away is found at the end. */

/** The JSON, as far as it is counted. */
export interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    /** The file. */
    readonly name: string;
    readonly status: string;
    /** Why the file as a whole failed. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      /** One for each try; with a stack. */
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Of a whole run: its closing line. */
export const tallyLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** The last such line of an output; undefined: there is none. */
export function tallyIn(output: string): Tally | undefined {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  return last && { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3]) };
}

export const sum = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** A file that fails without a failed test (it cannot be loaded, or its hooks fail) counts as one. */
export const tallyOf = (results: Results): Tally => ({
  passed: results.numPassedTests,
  failed: results.numFailedTests + results.testResults.filter(failsAsAWhole).length,
  skipped: results.numPendingTests,
});

const failsAsAWhole = ({ status, assertionResults }: Results["testResults"][number]): boolean =>
  status === "failed" && !assertionResults.some((test) => test.status === "failed");

/** One text for each failure: which test, and the first lines of what was wrong, at each try. */
export function failures({ testResults }: Results): string[] {
  return testResults.flatMap((file) => [
    ...file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => failure(`${file.name} > ${fullName}`, failureMessages ?? [])),
    ...(failsAsAWhole(file) ? [failure(file.name, [file.message ?? ""])] : []),
  ]);
}

const linesOfEach = 12;

const failure = (what: string, messages: readonly string[]): string =>
  [`failed: ${what}`, ...messages.flatMap((message) => message.split("\n").slice(0, linesOfEach))].join("\n    ");
