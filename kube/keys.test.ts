import { describe, expect, it } from "vitest";
import { formatKey, keyOf, parseKey } from "./keys.ts";

describe("a key", () => {
  it("names an object by namespace and name, or by its name alone", () => {
    expect(keyOf({ metadata: { namespace: "shop", name: "web" } })).toBe("shop/web");
    expect(keyOf({ metadata: { name: "shop" } })).toBe("shop");
    expect(keyOf({})).toBe("");
  });

  it("can be read again", () => {
    for (const key of [{ namespace: "shop", name: "web" }, { name: "shop" }]) {
      expect(parseKey(formatKey(key))).toEqual(key);
    }
  });
});
