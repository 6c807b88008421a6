import { describe, expect, it } from "vitest";
import { command, CommandError, succeeds } from "./command.ts";
import { until } from "./until.ts";

describe("a command", () => {
  it("answers what it wrote, and reads what it is given", async () => {
    expect(await command(["sh", "-c", 'echo "$WHO"; cat'], { env: { WHO: "me" }, input: "and you" })).toBe(
      "me\nand you",
    );
  });

  it("that fails throws an error with what it complained of", async () => {
    const failing = command(["sh", "-c", "echo out; echo no room >&2; exit 3"]);
    await expect(failing).rejects.toThrow(CommandError);
    await expect(failing).rejects.toThrow(/failed\nno room/);
  });

  it("that takes too long is ended, and says so", async () => {
    await expect(command(["sleep", "600"], { timeoutMs: 50 })).rejects.toThrow(/^sleep 600 was ended after 0.05 s/);
  });

  it("is ended by its signal, whose reason is the error", async () => {
    const stopping = new AbortController();
    const asleep = command(["sleep", "600"], { signal: stopping.signal });
    stopping.abort(new Error("enough"));
    await expect(asleep).rejects.toThrow("enough");
  });

  it("that reads nothing may be given something", async () => {
    expect(await command(["true"], { input: "x".repeat(1 << 20) })).toBe("");
  });

  it("succeeds when it ends with 0, and not when it cannot be started", async () => {
    expect(await succeeds(["true"])).toBe(true);
    expect(await succeeds(["false"])).toBe(false);
    expect(await succeeds(["no-such-command-anywhere"])).toBe(false);
  });
});

describe("waiting", () => {
  it("ends when it is so", async () => {
    let asked = 0;
    await until("the third time", () => ++asked === 3, { timeoutMs: 60_000 });
    expect(asked).toBe(3);
  });

  it("has a bound, and says what was awaited", async () => {
    await expect(until("snow in summer", () => false, { timeoutMs: 0 })).rejects.toThrow(
      "not within 0 s: snow in summer",
    );
  });
});
