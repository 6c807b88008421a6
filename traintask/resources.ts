/** Requests and limits, as a container has them. Whether a limit covers its request is the Job's own validation. */
import * as z from "zod";
import { boundedMap } from "./collections.ts";
import { resourceNamePattern, text } from "./text.ts";

/** An amount, as Kubernetes writes it. */
export const quantity = text(32, { min: 1, pattern: /^[0-9]+(\.[0-9]+)?(m|[kMGTP]|[KMGTP]i)?$/ });

const resourceList = boundedMap(text(63, { pattern: new RegExp(resourceNamePattern) }), { value: quantity, max: 8 });

export const resourcesSchema = z
  .object({
    requests: resourceList.optional().describe("What the scheduler sets aside: `cpu: 500m`, `memory: 512Mi`"),
    limits: resourceList.optional().describe("What the pod may use at most"),
  })
  .describe("Requests and limits of the trainer's pod, as in a container");
export type Resources = z.output<typeof resourcesSchema>;
