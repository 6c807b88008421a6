/**
 * The operators of a search. To add one: its name in traintask/operators.ts, a file in each
 * of trainer/operators/ and model/steps/, and a line in the table of each.
 */
import type { OperatorName } from "../../traintask/operators.ts";
import type { Operator } from "./operator.ts";
import { standardScaler } from "./standard-scaler.ts";

export const operators: Readonly<Record<OperatorName, Operator>> = {
  standardScaler,
};
