/**
 * What the chart allows operator and API, beside what they did in the whole run of the cluster's tests, by the API
 * server's own book: nothing is granted that is not used, and nothing that they asked for was refused.
 */
import { describe, expect, it } from "vitest";
import { grantsOf, renderWith } from "../chart/helm.ts";
import { auditEntries, type AuditEntry } from "./audit.ts";

const books = (process.env["TRAINTASK_AUDIT_LOGS"] ?? "").split(":").filter(Boolean);
const programs = ["operator", "api"] as const;
type Program = (typeof programs)[number];

const rendered = renderWith();
const roleKinds = new Set(["Role", "ClusterRole"]);
/** `verb resource.group` of everything that a program's roles grant. */
const grantedTo = (program: Program): string[] =>
  rendered
    .filter(({ kind, metadata }) => roleKinds.has(kind) && metadata.name === `tt-${program}`)
    .flatMap(({ rules }) => grantsOf(rules));

/** Accounts of the chart are called after the release: traintask-operator, accounts-1234abcd-api. */
const uses: readonly (AuditEntry & { readonly program: Program; readonly right: string })[] = books.flatMap((book) =>
  auditEntries(book).flatMap((entry) => {
    const program = programs.find((one) => entry.account.name.endsWith(`-${one}`));
    return program === undefined ? [] : [{ ...entry, program, right: `${entry.verb} ${entry.resource}` }];
  }),
);

/**
 * Refusals that come and go: an API server that has just started does not know its roles yet, and pods outlive the roles
 * of a release that is uninstalled, of which for a moment some are gone and others not.
 */
const takenAwayMs = 10_000;
const kindOf = ({ account, right, namespace }: (typeof uses)[number]): string => `${account.uid} ${right} ${namespace}`;

describe.each(programs)("the rights of the %s", (program) => {
  const granted = new Set(grantedTo(program));
  const used = Map.groupBy(
    uses.filter((use) => use.program === program && use.allowed),
    ({ right }) => right,
  );

  it("are those that it used, and no other", () => {
    const all = [...new Set([...granted, ...used.keys()])].toSorted();
    const line = (right: string): string =>
      `| ${right} | ${granted.has(right) ? "yes" : "no"} | ${used.get(right)?.length ?? 0} |`;
    console.log([`| ${program} | granted | used |`, "| --- | --- | --- |", ...all.map(line)].join("\n"));
    expect([...granted].filter((right) => !used.has(right))).toEqual([]);
    expect([...used.keys()].filter((right) => !granted.has(right))).toEqual([]);
  });

  it("were enough: nothing that it asked for was refused for good", () => {
    const mine = uses.filter((use) => use.program === program);
    const allowed = mine.filter((use) => use.allowed);
    const last = new Map(allowed.map(({ account, at }) => [account.uid, at]));
    const lastOfKind = new Map(allowed.map((use) => [kindOf(use), use.at]));
    const refused = mine.filter((use) => {
      if (use.allowed || (lastOfKind.get(kindOf(use)) ?? 0) > use.at) return false;
      return (last.get(use.account.uid) ?? 0) > use.at + takenAwayMs;
    });
    expect([...new Set(refused.map(({ right, account }) => `${right} ${account.namespace}`))]).toEqual([]);
  });

  it("have no wildcard and no secret in them", () => {
    expect([...granted].filter((right) => /\*|secrets/.test(right))).toEqual([]);
  });
});
