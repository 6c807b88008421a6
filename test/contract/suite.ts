/** The contract: everything that this project relies on in a Kubernetes cluster, each behaviour stated once. */
import { describe } from "vitest";
import { createCases } from "./create.ts";
import type { HarnessOf } from "./harness.ts";
import { patchCases } from "./patch.ts";
import { updateCases } from "./update.ts";
import { validationCases } from "./validation.ts";

/** States the behaviour of an API server. */
export function apiServerContract(harness: HarnessOf): void {
  describe("create", () => createCases(harness));
  describe("update", () => updateCases(harness));
  describe("patch", () => patchCases(harness));
  describe("validation", () => validationCases(harness));
}
