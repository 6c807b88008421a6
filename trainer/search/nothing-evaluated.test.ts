import { describe, expect, test } from "vitest";
import { DataError } from "../../data/error.ts";
import { ConfigurationError, ModelTooLargeError } from "../errors.ts";
import { nothingEvaluated } from "./nothing-evaluated.ts";
import type { TrialError } from "./trial-orders.ts";

const error = (message: string, cause: TrialError["cause"] = "error"): TrialError => ({ cause, message });
const what = "None of 5 pipelines could be evaluated";

describe("a search without any result", () => {
  test("tells the commonest reasons, whatever the parameters were", () => {
    const errors = [
      error("ridge(alpha=1): rows are alike"),
      error("pca(a=1, b=2): no columns."),
      error("pca(a=2, b=2): no columns."),
      error("a third"),
      error("a fourth"),
    ];
    const found = nothingEvaluated(what, errors);
    expect(found).toBeInstanceOf(DataError);
    expect(found.message).toBe(
      `${what}. 2 times: pca: no columns; 1 times: ridge: rows are alike; 1 times: a third; and 1 other reasons.`,
    );
  });

  test.each([
    ["time", /maxEvalTimeSeconds/],
    ["memory", /spec\.resources\.limits\.memory/],
    ["crash", /spec\.trainer\.search\.operators/],
  ] as const)("says what would help where most failed of %s", (cause, advice) => {
    const found = nothingEvaluated(what, [error("x"), error("y", cause), error("y", cause)]);
    expect(found).toBeInstanceOf(ConfigurationError);
    expect((found as ConfigurationError).advice).toMatch(advice);
  });

  test("because its time was over asks for more", () => {
    const found = nothingEvaluated("None of 0 pipelines could be evaluated", []);
    expect(found).toMatchObject({ name: "ConfigurationError", advice: expect.stringMatching(/maxTimeSeconds/) });
  });

  test("whose models are all too large says how large the smallest is", () => {
    const errors = [500, 300, 400].map((modelBytes) => ({ ...error("x", "memory"), modelBytes }));
    const found = nothingEvaluated(what, errors);
    expect(found).toBeInstanceOf(ModelTooLargeError);
    expect(found.message).toBe("The smallest of 3 models has 300 bytes: too many to be kept.");
  });
});
