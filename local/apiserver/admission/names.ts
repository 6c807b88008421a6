/** The syntax of names, labels and other words, with the sentences that Kubernetes refuses them with. */
import { invalidValue, type Cause } from "../status.ts";

interface Syntax {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly sentence: string;
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

export const dnsLabel: Syntax = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  sentence:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
    `an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
};

export const dnsSubdomain: Syntax = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  sentence:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
    `end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`,
};

const labelValue: Syntax = {
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  longest: 63,
  sentence:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
};

const qualifiedName: Syntax = {
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  longest: 63,
  sentence:
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
};

/** What is wrong with a word, in sentences. */
export function faults(value: string, syntax: Syntax): string[] {
  return [
    ...(value.length > syntax.longest ? [`must be no more than ${syntax.longest} bytes`] : []),
    ...(syntax.pattern.test(value) ? [] : [syntax.sentence]),
  ];
}

/** What is wrong with a key such as `example.com/name`. */
export function keyFaults(key: string): string[] {
  const slash = key.indexOf("/");
  if (slash === -1) return key === "" ? ["name part must be non-empty"] : faults(key, qualifiedName);
  const [prefix, name] = [key.slice(0, slash), key.slice(slash + 1)];
  return [
    ...(prefix === ""
      ? ["prefix part must be non-empty"]
      : faults(prefix, dnsSubdomain).map((why) => `prefix part ${why}`)),
    ...(name === "" ? ["name part must be non-empty"] : faults(name, qualifiedName)),
  ];
}

export const labelValueFaults = (value: string): string[] => faults(value, labelValue);

export function validateName(name: string, field: string, syntax: Syntax): Cause[] {
  return faults(name, syntax).map((why) => invalidValue(field, name, why));
}

/** Labels of an object, a template or a selector. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, field: string): Cause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...keyFaults(key).map((why) => invalidValue(field, key, why)),
    ...labelValueFaults(value).map((why) => invalidValue(field, value, why)),
  ]);
}

const annotationBytes = 256 * 1024;

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, field: string): Cause[] {
  const entries = Object.entries(annotations ?? {});
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...entries.flatMap(([key]) => keyFaults(key.toLowerCase()).map((why) => invalidValue(field, key, why))),
    ...(size > annotationBytes
      ? [{ field, reason: "FieldValueTooLong", message: `Too long: may not be more than ${annotationBytes} bytes` }]
      : []),
  ];
}
