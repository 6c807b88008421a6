import { describe, expect, it } from "vitest";
import { virtualClock } from "../../kube/virtual-clock.ts";
import { remembered } from "./remembered.ts";

function setUp(keepMs: (answer: string) => number = () => 1000) {
  const clock = virtualClock();
  const asked: string[] = [];
  const ask = remembered<string>({ clock, maxEntries: 3, keepMs });
  const get = (key: string, answer = key): Promise<string> =>
    ask(key, () => {
      asked.push(key);
      return Promise.resolve(answer);
    });
  return { clock, asked, ask, get };
}

describe("an answer", () => {
  it("is remembered as long as it says, and asked for again after that", async () => {
    const { clock, asked, get } = setUp((answer) => (answer === "no" ? 100 : 1000));
    await get("a", "yes");
    await get("b", "no");
    await clock.advance(99);
    await get("b", "no");
    expect(asked).toEqual(["a", "b"]);
    await clock.advance(1);
    await get("b", "no");
    await clock.advance(899);
    expect(await get("a", "other")).toBe("yes");
    await clock.advance(1);
    expect(await get("a", "other")).toBe("other");
    expect(asked).toEqual(["a", "b", "b", "a"]);
  });

  it("is as old as its question, however late it comes", async () => {
    const { clock, ask } = setUp();
    const late = Promise.withResolvers<string>();
    const first = ask("a", () => late.promise);
    await clock.advance(900);
    late.resolve("old");
    expect(await first).toBe("old");
    await clock.advance(100);
    expect(await ask("a", () => Promise.resolve("new"))).toBe("new");
  });

  it("serves all who ask while its question is under way", async () => {
    const { asked, get } = setUp();
    expect(await Promise.all([get("a"), get("a"), get("a")])).toEqual(["a", "a", "a"]);
    expect(asked).toEqual(["a"]);
  });

  it("is not remembered when it is an error", async () => {
    const { ask, get } = setUp();
    await expect(ask("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await get("a")).toBe("a");
  });
});

describe("what is remembered", () => {
  it("is never more than there is room for: the oldest goes, whoever asks", async () => {
    const { asked, get } = setUp();
    for (const key of ["a", "b", "c", "d"]) await get(key);
    for (const key of ["b", "c", "d"]) await get(key);
    expect(asked).toEqual(["a", "b", "c", "d"]);
    await get("a");
    expect(asked).toEqual(["a", "b", "c", "d", "a"]);
  });
});
