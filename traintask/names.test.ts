import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobName } from "./names.ts";
import { dnsLabel } from "./text.ts";

const uid = "5a6d9c3e-8a3e-4d53-9d0b-1f3f0c5f7e21";

describe("the name of a Job", () => {
  test.each([
    { name: "iris", attempt: 1, job: "iris-5a6d9c3e-1" },
    { name: "a".repeat(63), attempt: 12, job: `${"a".repeat(40)}-5a6d9c3e-12` },
    { name: `${"a".repeat(38)}--b`, attempt: 1, job: `${"a".repeat(38)}-5a6d9c3e-1` },
  ])("of attempt $attempt of $name is $job", ({ name, attempt, job }) => {
    expect(jobName({ name, uid }, attempt)).toBe(job);
  });

  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  const attempt = fc.integer({ min: 1, max: 2 ** 31 - 1 });

  test("is a DNS label, so that pods can bear it as a label", () => {
    fc.assert(
      fc.property(name, fc.uuid(), attempt, (task, id, count) => {
        expect(dnsLabel.safeParse(jobName({ name: task, uid: id }, count)).success).toBe(true);
      }),
    );
  });

  test("is another one for another attempt, and for a task of the same name that was created anew", () => {
    fc.assert(
      fc.property(name, fc.tuple(attempt, attempt), (task, [one, two]) => {
        const other = `0${uid.slice(1)}`;
        expect(jobName({ name: task, uid }, one) === jobName({ name: task, uid }, two)).toBe(one === two);
        expect(jobName({ name: task, uid: other }, one)).not.toBe(jobName({ name: task, uid }, one));
      }),
    );
  });
});
