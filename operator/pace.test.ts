import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

describe("a queue", () => {
  it("is brought forward at once when turns cost nothing", () => {
    const pace = new Pace();
    expect(pace.dueIn("default", 5)).toBe(0);
    pace.took("default", { began: 5, ended: 5 });
    expect(pace.dueIn("default", 5)).toBe(0);
  });

  it("rests nine times as long as its turn took, so that turns take a tenth of the time", () => {
    const pace = new Pace();
    pace.took("default", { began: 100, ended: 130 });
    expect(pace.dueIn("default", 130)).toBe(270);
    expect(pace.dueIn("default", 400)).toBe(0);
  });

  it("rests for a second at most, and each on its own", () => {
    const pace = new Pace();
    pace.took("long", { began: 0, ended: 5000 });
    expect(pace.dueIn("long", 5000)).toBe(1000);
    expect(pace.dueIn("other", 5000)).toBe(0);
    pace.forget("long");
    expect(pace.dueIn("long", 5000)).toBe(0);
  });
});
