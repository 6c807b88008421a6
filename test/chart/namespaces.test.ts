/** A release that watches some namespaces: rights and policies there, and almost none elsewhere. */
import { describe, expect, it } from "vitest";
import { apiSettings } from "../../api/settings.ts";
import { settingsFrom } from "../../operator/settings.ts";
import type { Rendered, Rule } from "./helm.ts";
import { containerOf, helmIsThere, renderWith, the, unlessThere } from "./helm.ts";

const watchNamespaces = ["team-a", "team-b"];
const watching = (values: object = {}): Rendered[] => renderWith({ watchNamespaces, ...values });

/** `verb resource` for everything that rules grant, in order. */
function grantsOf(rules: readonly Rule[] = []): string[] {
  return rules
    .flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)))
    .toSorted();
}

const inThe = (objects: readonly Rendered[], kind: string, namespace: string): Rendered[] =>
  objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);

describe.skipIf(!helmIsThere)(`a release that watches some namespaces${unlessThere}`, () => {
  it("has rights in the whole cluster for reviews and queues alone", () => {
    const objects = watching();
    expect(grantsOf(the(objects, "ClusterRole", "tt-api").rules)).toEqual([
      "create subjectaccessreviews",
      "create tokenreviews",
    ]);
    expect(grantsOf(the(objects, "ClusterRole", "tt-operator").rules)).toEqual([
      "list trainqueues",
      "patch trainqueues/status",
      "watch trainqueues",
    ]);
  });

  for (const component of ["operator", "api"]) {
    it(`gives the ${component} in each of them what is missing to its rights in a release that watches all`, () => {
      const everywhere = grantsOf(the(renderWith(), "ClusterRole", `tt-${component}`).rules);
      const objects = watching();
      const cluster = grantsOf(the(objects, "ClusterRole", `tt-${component}`).rules);
      for (const namespace of watchNamespaces) {
        const role = the(inThe(objects, "Role", namespace), "Role", `tt-${component}-tasks`);
        expect([...cluster, ...grantsOf(role.rules)].toSorted()).toEqual(everywhere);
        const binding = the(inThe(objects, "RoleBinding", namespace), "RoleBinding", `tt-${component}-tasks`);
        expect(binding).toMatchObject({
          roleRef: { kind: "Role", name: `tt-${component}-tasks` },
          subjects: [{ kind: "ServiceAccount", name: `tt-${component}`, namespace: "training" }],
        });
      }
    });
  }

  it("binds nothing anywhere else but the lease in its own namespace", () => {
    const bound = watching().filter(({ kind }) => kind === "RoleBinding");
    const places = new Set(bound.map(({ metadata }) => metadata.namespace));
    expect(places).toEqual(new Set([...watchNamespaces, "training"]));
    expect(inThe(bound, "RoleBinding", "training").map(({ metadata }) => metadata.name)).toEqual(["tt-operator"]);
  });

  it("may watch its own namespace too", () => {
    const roles = inThe(renderWith({ watchNamespaces: ["training"] }), "Role", "training");
    const names = roles.map(({ metadata }) => metadata.name).toSorted();
    expect(names).toEqual(["tt-api-tasks", "tt-operator", "tt-operator-tasks"]);
  });

  it("tells both programs which they are, as both read it", () => {
    const objects = watching();
    const told = ["tt-api", "tt-operator"].map((name) => {
      const { env = [] } = containerOf(the(objects, "Deployment", name));
      return Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? "training"]));
    });
    const [api = {}, operator = {}] = told;
    const run = { identity: "x", readFile: () => "" };
    expect(settingsFrom(operator, run).watchNamespaces).toEqual(watchNamespaces);
    const given = api["TRAINTASK_WATCH_NAMESPACES"]?.split(",");
    expect(apiSettings({ dataDir: "/data", watchNamespaces: given }).watchNamespaces).toEqual(watchNamespaces);
  });

  it("limits what training pods may reach, in each of them and in those that are named beside", () => {
    const trainerNamespaces = ["team-b", "team-c"];
    const policies = watching({ networkPolicies: { trainerNamespaces } }).filter(
      ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "tt-trainer",
    );
    const places = policies.map(({ metadata }) => metadata.namespace ?? "");
    expect(places.toSorted()).toEqual(["team-a", "team-b", "team-c"]);
  });

  it("refuses a list with what cannot be a namespace", () => {
    for (const wrong of [["Team A"], ["a", "a"], ["a/b"]])
      expect(() => renderWith({ watchNamespaces: wrong })).toThrow(/watchNamespaces/);
  });
});
