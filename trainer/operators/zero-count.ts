/** Two columns more: how many zeros, and how many other numbers, a row has (tpot/builtins/zero_count.py). */
import type { Operator } from "./operator.ts";

export const zeroCount: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: {},
  fit: () => ({}),
};
