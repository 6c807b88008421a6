/** Who may do what by the chart's roles: no more than the code does, and enough for what the API lets people ask. */
import { describe, expect, it } from "vitest";
import { leaseName } from "../../operator/settings.ts";
import { group } from "../../traintask/names.ts";
import { rules } from "../../api/access/verbs.ts";
import { grantsOf, helmIsThere, renderWith, the, unlessThere } from "./helm.ts";

const roles = { "the viewer's": "traintask.dev:viewer", "the submitter's": "traintask.dev:submitter" } as const;
const granted = (role: string): string[] => grantsOf(the(renderWith(), "ClusterRole", role).rules);

/** The permission that the API asks the cluster about for a call. */
function asked(call: string): string | undefined {
  const rule = rules[call];
  if (rule?.who !== "permitted") return undefined;
  return `${rule.verb} traintasks${rule.subresource === undefined ? "" : `/${rule.subresource}`}.${group}`;
}
const allAsked = new Set(Object.keys(rules).flatMap((call) => asked(call) ?? []));
const changing = (permission: string): boolean => /^(create|patch|delete) traintasks\./.test(permission);

describe.skipIf(!helmIsThere)(`the chart's roles${unlessThere}`, () => {
  it("have no wildcard, reach no secret and cannot grow", () => {
    const all = renderWith({ rbac: { ownerReferencesEnforced: true } }).flatMap((object) => grantsOf(object.rules));
    expect(all.length).toBeGreaterThan(50);
    const dangerous =
      /\*|secret|serviceaccount|roles|rolebinding|pods\/exec|^(bind|escalate|impersonate|deletecollection) (?!traintasks)/;
    expect(all.filter((permission) => dangerous.test(permission))).toEqual([]);
  });

  it("let the operator do what it does and nothing else", () => {
    expect(granted("tt-operator").toSorted()).toEqual(
      [
        ...["get", "list", "watch", "delete"].map((verb) => `${verb} traintasks.${group}`),
        ...["list", "watch"].map((verb) => `${verb} trainqueues.${group}`),
        `patch traintasks/status.${group}`,
        `patch trainqueues/status.${group}`,
        ...["get", "list", "watch", "create", "delete"].map((verb) => `${verb} jobs.batch`),
        ...["list", "watch", "delete"].map((verb) => `${verb} pods.`),
        ...["list", "create", "patch"].map((verb) => `${verb} events.`),
      ].toSorted(),
    );
  });

  it("let the API do what it does and nothing else", () => {
    expect(granted("tt-api").toSorted()).toEqual(
      [
        ...["get", "list", "watch", "create", "patch", "delete"].map((verb) => `${verb} traintasks.${group}`),
        `patch traintasks/status.${group}`,
        ...["get", "list", "watch"].map((verb) => `${verb} jobs.batch`),
        ...["get", "list"].map((verb) => `${verb} pods.`),
        "get pods/log.",
        "create tokenreviews.authentication.k8s.io",
        "create subjectaccessreviews.authorization.k8s.io",
      ].toSorted(),
    );
  });

  it("let the operator write the one lease of its controller name", () => {
    const controllerName = "Example.com/My_Operator";
    const { rules: leases } = the(renderWith({ controllerName: "example.com/My_Operator" }), "Role", "tt-operator");
    expect(leases?.flatMap(({ resourceNames }) => resourceNames ?? [])).toEqual([leaseName(controllerName)]);
  });

  it("let a submitter make every call of the API", () => {
    expect([...allAsked].filter((permission) => !granted(roles["the submitter's"]).includes(permission))).toEqual([]);
  });

  it("let a viewer make every call that changes nothing, and no other", () => {
    const viewer = granted(roles["the viewer's"]);
    expect([...allAsked].filter((permission) => !changing(permission) && !viewer.includes(permission))).toEqual([]);
    expect(viewer.filter(changing)).toEqual([]);
  });

  it("can be left out", () => {
    const names = renderWith({ rbac: { userRoles: false } }).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => name.startsWith("traintask.dev:"))).toEqual([]);
  });
});
