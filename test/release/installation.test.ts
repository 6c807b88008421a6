import { describe, expect, it, vi } from "vitest";

const kubectl = vi.hoisted(() => vi.fn<(...args: string[]) => string>());
const made = vi.hoisted((): string[] => []);
vi.mock(import("./administrator.ts"), async (original) => ({
  ...(await original()),
  isDisposable: false,
  kubectl,
  makeNamespace: (name: string) => Promise.resolve(void made.push(name)),
}));

const { ownNamespace } = await import("./installation.ts");

describe("the namespace of the tests' release", () => {
  it("is made where there is none", async () => {
    kubectl.mockReturnValueOnce("");
    await ownNamespace();
    expect(made).toEqual(["traintask"]);
  });

  it("is used again", async () => {
    kubectl.mockReturnValueOnce('{"traintask.dev/made-by-tests":"true"}');
    await ownNamespace();
  });

  it("is never one that somebody else made: a release that is in use would be replaced", async () => {
    kubectl.mockReturnValueOnce('{"kubernetes.io/metadata.name":"traintask"}');
    await expect(ownNamespace()).rejects.toThrow("was not made by the tests: give them another cluster");
  });
});
