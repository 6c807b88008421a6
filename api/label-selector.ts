/** Kubernetes' label selectors: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas. */
import { Problem } from "./problem.ts";

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const key = String.raw`[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,315}[A-Za-z0-9])?`;
const value = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?`;
const equality = new RegExp(String.raw`^(${key})\s*(==|=|!=)\s*(${value})$`);
const membership = new RegExp(String.raw`^(${key})\s+(in|notin)\s+\(([^()]*)\)$`);
const listed = new RegExp(`^${value}$`);
const existence = new RegExp(String.raw`^(!?)\s*(${key})$`);

/**
 * Whether labels meet every requirement of a selector. An empty selector selects all.
 * @throws Problem 400 naming the requirement that it cannot read
 */
export function labelSelector(text: string): Requirement {
  if (text.trim() === "") return () => true;
  // Commas between parentheses separate values, not requirements.
  const requirements = text.split(/,(?![^(]*\))/).map((one) => requirement(one.trim()));
  return (labels) => requirements.every((holds) => holds(labels));
}

function requirement(text: string): Requirement {
  const equal = equality.exec(text);
  if (equal !== null) {
    const [, name = "", operator, wanted = ""] = equal;
    return operator === "!=" ? (labels) => own(labels, name) !== wanted : (labels) => own(labels, name) === wanted;
  }
  const member = membership.exec(text);
  if (member !== null) {
    const [, name = "", operator, list = ""] = member;
    const values = new Set<string | undefined>(list.split(",").map((one) => one.trim()));
    if (![...values].every((one) => listed.test(one ?? ""))) throw unreadable(text);
    return operator === "in" ? (labels) => values.has(own(labels, name)) : (labels) => !values.has(own(labels, name));
  }
  const exists = existence.exec(text);
  if (exists !== null) {
    const [, not, name = ""] = exists;
    return not === "!" ? (labels) => own(labels, name) === undefined : (labels) => own(labels, name) !== undefined;
  }
  throw unreadable(text);
}

function unreadable(text: string): Problem {
  return new Problem({
    status: 400,
    detail: `The label selector is not valid at "${text.slice(0, 100)}".`,
    errors: [
      { parameter: "labelSelector", detail: "requirements like a=b, a!=b, a in (b,c), a, !a, joined by commas" },
    ],
  });
}

function own(labels: Labels, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
