import { describe, expect, it } from "vitest";
import { virtualClock } from "../kube/virtual-clock.ts";
import { pacer } from "./pace.ts";

async function* pieces(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield Buffer.alloc(size, size % 251);
}

describe("a stream that is paced", () => {
  it("has the same bytes, in small portions", async () => {
    const clock = virtualClock();
    const portions: Uint8Array[] = [];
    const read = (async () => {
      for await (const portion of pacer(clock)(pieces(100_000, 1, 0, 16_384))) portions.push(portion);
    })();
    await clock.advance(1000);
    await read;
    expect(Math.max(...portions.map(({ length }) => length))).toBe(16_384);
    expect(Buffer.concat(portions)).toEqual(
      Buffer.concat([Buffer.alloc(100_000, 100_000 % 251), Buffer.alloc(1, 1), Buffer.alloc(16_384, 16_384 % 251)]),
    );
  });

  it("is worked on as long as it rests, together with all others", async () => {
    const clock = virtualClock();
    const paced = pacer(clock);
    const worked: number[] = [];
    const read = async (): Promise<void> => {
      for await (const _ of paced(pieces(50_000))) {
        worked.push(clock.monotonic());
        await clock.sleep(10);
      }
    };
    const both = Promise.all([read(), read()]);
    await clock.advance(1000);
    await both;
    expect(worked.map((at) => at - worked[0]!)).toEqual([0, 20, 40, 60, 80, 100, 120, 140]);
  });

  it("that is given up holds nobody up", async () => {
    const clock = virtualClock();
    const paced = pacer(clock);
    for await (const _ of paced(pieces(50_000))) break;
    const next = (async () => {
      for await (const _ of paced(pieces(1))) return true;
      return false;
    })();
    await clock.advance(10);
    expect(await next).toBe(true);
  });
});
