import { describe, expect, it } from "vitest";
import type { Api } from "../api.ts";
import { routes } from "../routes.ts";
import { ruleFor, rules } from "./verbs.ts";

describe("the table of who may make which call", () => {
  it("has a rule for every call of the sitemap, and for no other", () => {
    const calls = routes({} as Api).map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(rules).toSorted()).toEqual(calls.toSorted());
  });

  it("keeps a server from starting that has a call without a rule", () => {
    expect(() => ruleFor({ method: "get", path: "/v1/forgotten" })).toThrow(/does not say who may get \/v1\/forgotten/);
    expect(() => ruleFor({ method: "get", path: "constructor" })).toThrow(TypeError);
  });
});
