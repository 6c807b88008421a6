import { describe, expect, it } from "vitest";
import { checkCreateOnly, contentOf, DamagedError, safeName, UnsuitableStoreError, withDigest } from "./objects.ts";
import type { Objects } from "./objects.ts";

/** A store of which only `create` is asked. */
function creating(answers: readonly boolean[]): Objects {
  const left = [...answers];
  return { create: () => Promise.resolve(left.shift()!) } as unknown as Objects;
}

describe("a store that is to be used", () => {
  it("must refuse to create what stands, the first time that it is used and later", async () => {
    await checkCreateOnly(creating([true, false]));
    await checkCreateOnly(creating([false, false]));
    await expect(checkCreateOnly(creating([true, true]))).rejects.toThrow(UnsuitableStoreError);
    await expect(checkCreateOnly(creating([false, true]))).rejects.toThrow(/If-None-Match: \* is ignored/);
  });
});

describe("what is written once", () => {
  it("comes back as it was, an empty content too", () => {
    for (const text of ["", "one\n", "\u0000ÿ"]) {
      const content = Buffer.from(text);
      expect(Buffer.compare(contentOf("key", withDigest(content)), content)).toBe(0);
    }
  });

  it("is an error that names it when a byte is another, when it was cut, and when it is gone", () => {
    const whole = Buffer.from(withDigest(Buffer.from("one\n")));
    for (let at = 0; at < whole.length; at++) {
      const other = Buffer.from(whole);
      other[at]! ^= 1;
      expect(() => contentOf("the/key", other)).toThrow(DamagedError);
      expect(() => contentOf("the/key", whole.subarray(0, at))).toThrow(/the\/key is damaged/);
    }
    expect(() => contentOf("the/key", undefined)).toThrow(/the\/key is gone/);
  });
});

describe("a name", () => {
  it("is plain, or is refused", () => {
    expect(safeName("1.a-b-c.node")).toBe("1.a-b-c.node");
    for (const name of ["", ".", "..", "a..b", "a/b", ".a", "-a", "a\n", "a".repeat(201)])
      expect(() => safeName(name)).toThrow(/cannot be the name/);
  });
});
