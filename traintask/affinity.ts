/**
 * Where a container's pod wants to be, in a pod's own words. Terms about other pods see those of the task's namespace
 * alone: the fields that name other namespaces do not exist here. Lists are short, which keeps the rules about them
 * within Kubernetes' cost budget.
 */
import * as z from "zod";
import { boundedMap } from "./collections.ts";
import { labelKeyPattern, labelValuePattern, text } from "./text.ts";

const labelKey = text(317, { min: 1, pattern: new RegExp(labelKeyPattern) });
const labelValue = text(63, { pattern: new RegExp(labelValuePattern) });
const values = z.array(labelValue).max(16).optional().describe("Values, for the operators that compare with some");
const weight = z.int32().min(1).max(100).describe("How much it counts against the others");

function requirements<Operators extends readonly [string, ...string[]]>(operators: Operators) {
  return z
    .array(
      z
        .object({
          key: labelKey.describe("Key of the label"),
          operator: z.enum(operators).describe("How the label is compared"),
          values,
        })
        .describe("A requirement of one label"),
    )
    .max(8)
    .optional()
    .describe("Requirements, all of which must hold");
}

const nodeTerm = z
  .object({ matchExpressions: requirements(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]) })
  .describe("Nodes, by their labels");

const nodeAffinity = z
  .object({
    requiredDuringSchedulingIgnoredDuringExecution: z
      .object({ nodeSelectorTerms: z.array(nodeTerm).min(1).max(8).describe("Terms, one of which must hold") })
      .optional()
      .describe("What the node must be"),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.object({ weight, preference: nodeTerm }).describe("A preference"))
      .max(8)
      .optional()
      .describe("What the node should be"),
  })
  .describe("The nodes it wants");

const podTerm = z
  .object({
    labelSelector: z
      .object({
        matchLabels: boundedMap(labelKey, { value: labelValue, max: 8 }).optional().describe("Labels that pods have"),
        matchExpressions: requirements(["In", "NotIn", "Exists", "DoesNotExist"]),
      })
      .optional()
      .describe("Pods of the task's namespace, by their labels"),
    topologyKey: labelKey.describe("Label of nodes that says what is near: `kubernetes.io/hostname`"),
  })
  .describe("Pods, and how near they are");

function podTerms(direction: string) {
  return z
    .object({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .array(podTerm)
        .max(8)
        .optional()
        .describe("Terms, all of which must hold"),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.object({ weight, podAffinityTerm: podTerm }).describe("A preference"))
        .max(8)
        .optional()
        .describe("Terms that should hold"),
    })
    .describe(`The pods it wants to be ${direction}`);
}

export const affinitySchema = z
  .object({
    nodeAffinity: nodeAffinity.optional(),
    podAffinity: podTerms("near to").optional(),
    podAntiAffinity: podTerms("away from").optional(),
  })
  .describe("Where the pod is scheduled, as in a pod; terms about pods see the task's own namespace only");
export type AffinitySpec = z.output<typeof affinitySchema>;
