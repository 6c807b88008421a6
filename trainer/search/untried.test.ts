import { expect, test } from "vitest";
import { random } from "../../traintask/random.ts";
import { operators } from "../operators/table.ts";
import { grammarOf, isValid } from "./grammar.ts";
import { randomDrafts } from "./untried.ts";

test("no pipeline is drawn twice, and none with parameters that exclude each other", () => {
  const grammar = grammarOf(
    { preset: "default", operators: ["linearSvc"] },
    { problemType: "classification", operators },
  );
  const drafts = randomDrafts(300, { grammar, random: random(1), seen: new Set(), generation: 0 });
  expect(new Set(drafts.map(({ text }) => text)).size).toBe(300);
  expect(drafts.filter(({ pipeline }) => !isValid(grammar, pipeline))).toEqual([]);
});
