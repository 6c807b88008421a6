import { expect, test } from "vitest";
import { dnsLabel, dnsSubdomain, faults, keyFaults, labelValueFaults } from "./names.ts";

const labels: Record<string, boolean> = {
  a: true,
  "a-b-1": true,
  "1": true,
  "": false,
  "-a": false,
  "a-": false,
  A: false,
  "a.b": false,
  a_b: false,
  ["a".repeat(63)]: true,
  ["a".repeat(64)]: false,
};
test.each(Object.entries(labels))("the DNS label %j is right: %s", (name, right) => {
  expect(faults(name, dnsLabel).length === 0).toBe(right);
});

const subdomains: Record<string, boolean> = {
  "a.b-c.d": true,
  "a..b": false,
  ".a": false,
  [`${"a".repeat(254)}`]: false,
};
test.each(Object.entries(subdomains))("the DNS subdomain %j is right: %s", (name, right) => {
  expect(faults(name, dnsSubdomain).length === 0).toBe(right);
});

const keys: Record<string, boolean> = {
  a: true,
  "Example.com/Name_1": false,
  "example.com/Name_1.x": true,
  "example.com/": false,
  "/a": false,
  "a/b/c": false,
  "": false,
  [`a/${"b".repeat(64)}`]: false,
};
test.each(Object.entries(keys))("the key %j is right: %s", (key, right) => {
  expect(keyFaults(key).length === 0).toBe(right);
});

test.each([
  ["", true],
  ["a b", false],
  ["-a", false],
  ["A_b.c-1", true],
  ["ä", false],
])("the label value %j is right: %s", (value, right) => {
  expect(labelValueFaults(value).length === 0).toBe(right);
});

test("a long name that almost fits its pattern is judged at once", () => {
  // A pattern that backtracks would take for ever on this.
  expect(faults(`${"a-".repeat(50_000)}!`, dnsSubdomain)).toHaveLength(2);
});
