/** The words that a status may say: each one is said in some situation, or it has no business in the vocabulary. */
import { expect, test } from "vitest";
import { plan } from "../../operator/plan.ts";
import { failureClasses, reasons } from "../../traintask/reasons.ts";
import { anObserved, at } from "../builders/observed.ts";
import { containerScenarios } from "./container-scenarios.ts";
import { endScenarios } from "./end-scenarios.ts";
import { scenarios } from "./plan-scenarios.ts";
import { waitingScenarios } from "./waiting-scenarios.ts";
import { failureScenarios } from "./failure-scenarios.ts";

const tables = [scenarios, endScenarios, waitingScenarios, failureScenarios, containerScenarios];
const said = tables.flatMap((table) =>
  Object.values(table).flatMap(({ sight, now }) => plan(anObserved(sight), at(now)).status ?? []),
);

test("every reason is said of some condition in some scenario", () => {
  const heard = new Set(said.flatMap(({ conditions = [] }) => conditions.map(({ reason }) => reason)));
  expect(Object.values(reasons).filter((reason) => !heard.has(reason))).toEqual([]);
});

test("every failure class is the end of some scenario, with an advice unless it was asked for", () => {
  const failures = new Map(said.flatMap(({ failure }) => (failure === undefined ? [] : [[failure.class, failure]])));
  expect(failureClasses.filter((one) => !failures.has(one))).toEqual([]);
  const silent = [...failures.values()].filter(({ advice }) => advice === undefined).map((failure) => failure.class);
  expect(silent).toEqual(["Cancelled"]);
});

test("no scenario ends with a word that is not in the vocabulary", () => {
  const words = new Set<string>([...Object.values(reasons), ...failureClasses]);
  const heard = said.flatMap(({ conditions = [] }) => conditions.map(({ reason }) => reason));
  expect(heard.filter((reason) => !words.has(reason))).toEqual([]);
});
