import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chart } from "../chart/helm.ts";
import { notesOf } from "./notes.ts";

const printed = readFileSync(join(chart, "templates", "NOTES.txt"), "utf8");

describe("the commands of Helm's notes", () => {
  const { steps, removal } = notesOf(printed);

  it("are found: submit, open, download, remove", () => {
    expect(steps[0]).toMatch(/^kubectl create /);
    expect(steps[1]).toMatch(/^kubectl port-forward /);
    expect(steps[2]).toMatch(/^kubectl create serviceaccount /);
    expect(removal).toMatch(/^kubectl delete /);
  });

  it("begin at the margin, so that a shell sees where a document ends that is pasted into it", () => {
    expect(steps[0]).toMatch(/<<'END'\n[^]*\nEND\n/);
  });

  it("are missed when they are not there", () => {
    expect(() => notesOf("STATUS: deployed")).toThrow('the notes do not say "1. "');
  });
});
