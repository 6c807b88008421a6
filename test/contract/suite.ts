/** The contract: everything that this project relies on in a Kubernetes cluster, each behaviour stated once. */
import { describe } from "vitest";
import { configMapCases } from "./config-maps.ts";
import { containerCases } from "./containers.ts";
import { createCases } from "./create.ts";
import { deleteCases } from "./delete.ts";
import { discoveryCases } from "./discovery.ts";
import { gcCases } from "./gc.ts";
import type { HarnessOf } from "./harness.ts";
import { jobAdmissionCases } from "./job-admission.ts";
import { jobEndCases } from "./job-ends.ts";
import { jobCases } from "./jobs.ts";
import { listCases } from "./list.ts";
import { patchCases } from "./patch.ts";
import { podCases } from "./pods.ts";
import { shardJobCases } from "./shards.ts";
import { tokenCases } from "./tokens.ts";
import { updateCases } from "./update.ts";
import { validationCases } from "./validation.ts";
import { watchCases } from "./watch.ts";

/** States the behaviour of an API server. */
export function apiServerContract(harness: HarnessOf): void {
  describe("create", () => createCases(harness));
  describe("update", () => updateCases(harness));
  describe("patch", () => patchCases(harness));
  describe("delete", () => deleteCases(harness));
  describe("list", () => listCases(harness));
  describe("watch", () => watchCases(harness));
  describe("discovery and tables", () => discoveryCases(harness));
  describe("tokens", () => tokenCases(harness));
  describe("a config map", () => configMapCases(harness));
  describe("admission of Jobs and pods", () => jobAdmissionCases(harness));
  describe("validation", () => validationCases(harness));
}

/** States the behaviour of the controllers and the kubelet around it. */
export function clusterContract(harness: HarnessOf): void {
  describe("Jobs", () => jobCases(harness));
  describe("the ends of Jobs", () => jobEndCases(harness));
  describe("a Job of shards", () => shardJobCases(harness));
  describe("pods", () => podCases(harness));
  describe("containers", () => containerCases(harness));
  describe("garbage collection", () => gcCases(harness));
}
