import { describe, expect, it } from "vitest";
import { labelSelector } from "./label-selector.ts";

const labels = { team: "ml", "example.com/tier": "gold", empty: "" };

describe("a label selector", () => {
  const selects: Record<string, boolean> = {
    "": true,
    "team=ml": true,
    "team==ml": true,
    "team = ml , empty=": true,
    "team=web": false,
    "team!=web": true,
    "absent!=web": true,
    "absent=": false,
    "team in (web, ml)": true,
    "team in (web)": false,
    "team notin (web),example.com/tier=gold": true,
    "absent notin (a,b)": true,
    team: true,
    "!team": false,
    "!absent": true,
    constructor: false,
    "!toString": true,
    "team in ( , ml )": true,
  };
  for (const [text, wanted] of Object.entries(selects)) {
    it(`${text === "" ? "that is empty" : text} ${wanted ? "selects" : "does not select"}`, () => {
      expect(labelSelector(text)(labels)).toBe(wanted);
    });
  }
  for (const text of ["a=b=c", "a in b", "a in ()x", "a in (b c)", "=b", "a b", "a,,b", "!a=b", "-a"]) {
    it(`${text} is refused`, () => {
      expect(() => labelSelector(text)).toThrow(/not valid at/);
    });
  }
  it("made to keep a backtracking matcher busy for ever is refused in no time", () => {
    const text = `a in (${"  ,  ".repeat(500)}`;
    expect(() => labelSelector(text)).toThrow(/not valid at/);
    expect(() => labelSelector(`${"a".repeat(4000)}!`)).toThrow(/not valid at/);
  });
});
