/**
 * Text as Kubernetes bounds it: in Unicode code points, where JavaScript's `length` counts an emoji twice. So what
 * the API server accepts is never refused here, nor the other way round.
 */
import * as z from "zod";

/** Text of `min` (default 0) to `max` code points that matches `pattern`, if one is given. */
export function text(max: number, options: { min?: number; pattern?: RegExp } = {}): z.ZodString {
  const { min = 0, pattern } = options;
  // All at once: each call of a method would make another schema, and there are many texts.
  return z
    .string()
    .check(
      ...(min > 0 ? [z.minLength(min)] : []),
      ...(pattern === undefined ? [] : [z.regex(pattern)]),
      z.refine((value) => fits(value, max), `at most ${max} characters`),
    )
    .meta({ maxLength: max });
}

function fits(value: string, max: number): boolean {
  if (value.length <= max) return true;
  if (value.length > 2 * max) return false;
  let count = 0;
  for (const _ of value) if (++count > max) return false;
  return true;
}

/** An RFC 3339 time. */
export const timestamp = text(35, {
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/,
}).meta({ format: "date-time" });

/** Names of tasks and queues, and everything that becomes a label's value. */
export const dnsLabelPattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
export const dnsLabel = text(63, { min: 1, pattern: new RegExp(dnsLabelPattern) });

/** Names of ConfigMaps and claims, which are at most 253 characters long. */
const dnsSubdomainPattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
export const dnsSubdomain = text(253, { min: 1, pattern: new RegExp(dnsSubdomainPattern) });

/** Keys of a ConfigMap's data: also names of files, so neither `.` nor what begins with `..` is one. */
export const dataKeyPattern = "^([-_a-zA-Z0-9]|[.][-_a-zA-Z0-9])[-._a-zA-Z0-9]*$";
export const dataKey = text(253, { min: 1, pattern: new RegExp(dataKeyPattern) });

/** Paths of files, in which Kubernetes would take control characters. */
export const printablePattern = "^[^\\x00-\\x1f\\x7f]*$";

/** Names in `requests` and `limits`: what every node has, or a device plugin's `vendor.example/device`. */
export const resourceNamePattern =
  "^(cpu|memory|ephemeral-storage|[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$";

/** Keys and values of labels. */
export const labelKeyPattern =
  "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
export const labelValuePattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";
