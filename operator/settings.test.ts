import { expect, test } from "vitest";
import { leaseName, settingsFrom } from "./settings.ts";
import type { Environment } from "./settings.ts";

const enough = { TRAINTASK_API_URL: "https://traintask.svc:5000/", TRAINTASK_TRAINER_IMAGE: "trainer:1" };
const read = (env: Environment) => settingsFrom(env, { identity: "me", readFile: (path) => `read ${path}` });

test("an API address and a trainer image are enough", () => {
  expect(read(enough)).toEqual({
    controllerName: "traintask.dev/operator",
    identity: "me",
    namespace: "default",
    leaderElection: true,
    watchNamespaces: [],
    maxRunningDefault: 4,
    apiUrl: "https://traintask.svc:5000",
    ca: "",
    trainerImage: "trainer:1",
    maxModelBytes: 1 << 30,
    allowPrivateAddresses: false,
    workers: 4,
  });
});

test("amounts, names and the certificate authority's file are read", () => {
  const settings = read({
    ...enough,
    TRAINTASK_CA_FILE: "/ca.crt",
    TRAINTASK_MEMORY_CAP: "16Gi",
    TRAINTASK_MAX_RUNNING: "7",
    TRAINTASK_HOST: "0.0.0.0",
    TRAINTASK_STATUS_PORT: "9464",
    TRAINTASK_NAMESPACE: "traintask",
    TRAINTASK_ALLOW_PRIVATE_ADDRESSES: "true",
    TRAINTASK_WATCH_NAMESPACES: "team-a,team-b",
  });
  expect(settings).toMatchObject({
    ca: "read /ca.crt",
    caFile: "/ca.crt",
    status: { host: "0.0.0.0", port: 9464 },
    memoryCapBytes: 16 * 2 ** 30,
    maxRunningDefault: 7,
    namespace: "traintask",
    allowPrivateAddresses: true,
    closedNamespace: "traintask",
    watchNamespaces: ["team-a", "team-b"],
  });
});

const wrong: Record<string, { env: Environment; names: string }> = {
  "no address of the API": { env: { ...enough, TRAINTASK_API_URL: "" }, names: "TRAINTASK_API_URL" },
  "an address that is none": { env: { ...enough, TRAINTASK_API_URL: "traintask" }, names: "TRAINTASK_API_URL" },
  "a flag that is neither true nor false": {
    env: { ...enough, TRAINTASK_ALLOW_PRIVATE_ADDRESSES: "yes" },
    names: "TRAINTASK_ALLOW_PRIVATE_ADDRESSES",
  },
  "another protocol": { env: { ...enough, TRAINTASK_API_URL: "ftp://x" }, names: "TRAINTASK_API_URL" },
  "no image": { env: { TRAINTASK_API_URL: "http://x" }, names: "TRAINTASK_TRAINER_IMAGE" },
  "half a slot": { env: { ...enough, TRAINTASK_MAX_RUNNING: "0.5" }, names: "TRAINTASK_MAX_RUNNING" },
  "no workers": { env: { ...enough, TRAINTASK_WORKERS: "0" }, names: "TRAINTASK_WORKERS" },
  "a host that is no address": {
    env: { ...enough, TRAINTASK_STATUS_PORT: "9464", TRAINTASK_HOST: "example.com" },
    names: "TRAINTASK_HOST",
  },
  "no port": { env: { ...enough, TRAINTASK_STATUS_PORT: "metrics" }, names: "TRAINTASK_STATUS_PORT" },
  "a namespace that cannot be": {
    env: { ...enough, TRAINTASK_WATCH_NAMESPACES: "a,Team B" },
    names: "TRAINTASK_WATCH_NAMESPACES",
  },
  "memory in words": { env: { ...enough, TRAINTASK_MEMORY_CAP: "a lot" }, names: "TRAINTASK_MEMORY_CAP" },
};

for (const [name, { env, names }] of Object.entries(wrong)) {
  test(`a setting that makes no sense is refused by its name: ${name}`, () => {
    expect(() => read(env)).toThrow(names);
  });
}

test("a lease's name is a DNS label, whatever the controller is called", () => {
  expect(leaseName("traintask.dev/operator")).toBe("traintask-dev-operator");
  expect(leaseName(`${"x".repeat(62)}/Operator_2`)).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
});
