import { expect, test } from "vitest";
import { silentLog } from "../kube/log.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import { startLoop } from "./loop.ts";

function aLoop(sync: (key: string) => number | undefined) {
  const clock = virtualClock();
  const passes: string[] = [];
  const loop = startLoop({
    name: "test",
    clock,
    log: silentLog,
    sync(key) {
      passes.push(`${key}@${clock.monotonic()}`);
      return sync(key);
    },
  });
  return { clock, passes, loop };
}

test("a key woken many times is looked at once", async () => {
  const { clock, passes, loop } = aLoop(() => undefined);
  for (let i = 0; i < 5; i++) loop.wake("a");
  await clock.advance(10);
  expect(passes).toEqual(["a@0"]);
});

test("a key is looked at again after the time that its pass asked for", async () => {
  let left = 2;
  const { clock, passes, loop } = aLoop(() => (left-- > 0 ? 5_000 : undefined));
  loop.wake("a");
  await clock.advance(60_000);
  expect(passes).toEqual(["a@0", "a@5000", "a@10000"]);
});

test("a key woken earlier does not come back at the old time as well", async () => {
  let first = true;
  const { clock, passes, loop } = aLoop(() => {
    const answer = first ? 5_000 : undefined;
    first = false;
    return answer;
  });
  loop.wake("a");
  await clock.advance(1_000);
  loop.wake("a");
  await clock.advance(60_000);
  expect(passes).toEqual(["a@0", "a@1000"]);
});

test("a pass that throws is tried again, each time later, and harms no other key", async () => {
  let failures = 3;
  const { clock, passes, loop } = aLoop((key) => {
    if (key === "bad" && failures-- > 0) throw new Error("not now");
    return undefined;
  });
  loop.wake("bad");
  loop.wake("good");
  await clock.advance(60_000);
  expect(passes).toEqual(["bad@0", "good@0", "bad@1000", "bad@3000", "bad@7000"]);
});

test("a key that wakes itself leaves the others their turn", async () => {
  const { clock, passes, loop } = aLoop((key) => {
    if (key === "busy" && passes.length < 6) loop.wake("busy");
    return undefined;
  });
  loop.wake("busy");
  loop.wake("other");
  await clock.advance(10);
  expect(passes.indexOf("other@0")).toBe(1);
});

test("no pass starts after the end, not even one that was due", async () => {
  const { clock, passes, loop } = aLoop(() => 1_000);
  loop.wake("a");
  await clock.advance(0);
  loop.wake("b");
  loop.close();
  loop.wake("c");
  await clock.advance(60_000);
  expect(passes).toEqual(["a@0"]);
});
