import { describe, expect, it } from "vitest";
import { isWatched, namespacesIn } from "./watched.ts";

describe("namespaces in a list", () => {
  it("are separated by commas, each counted once", () => {
    expect(namespacesIn("team-a, team-b,team-a,")).toEqual(["team-a", "team-b"]);
  });
  it("are none in an empty text, which stands for all", () => {
    expect(namespacesIn("")).toEqual([]);
    expect(isWatched([], "anything")).toBe(true);
  });
  for (const text of ["Team", "a b", "a,b/c", "-a", "x".repeat(64)])
    it(`are refused by name where they cannot be: ${text.slice(0, 10)}`, () => {
      expect(() => namespacesIn(text)).toThrow(/cannot be a namespace/);
    });
  it("are watched when they stand in it, and only then", () => {
    expect(isWatched(["a", "b"], "b")).toBe(true);
    expect(isWatched(["a", "b"], "c")).toBe(false);
  });
});
