/** What a DELETE asks for, in its body (DeleteOptions) or its query; the body wins. */
import { structure } from "../admission/structure.ts";
import type { DeleteOptions } from "../deletion.ts";
import { kubernetesSchema } from "../kinds/kubernetes.ts";
import { badRequest, invalidOption, notSupported } from "../status.ts";
import { readBody } from "./body.ts";
import { isDryRun } from "./dry-run.ts";
import { wholeNumber, type ResourceRequest } from "./request.ts";

const policies = ["Foreground", "Background", "Orphan"] as const;

interface DeleteBody {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: readonly string[];
}

/** @throws StatusError 400, 422 */
export function deleteOptions({ body, headers, query }: ResourceRequest): DeleteOptions {
  const sent = body.length === 0 ? {} : readBody(body, headers).value;
  const { value } = structure(sent, kubernetesSchema("V1DeleteOptions"), "DeleteOptions");
  const { preconditions = {}, orphanDependents, dryRun, ...options } = value as DeleteBody;
  const word = options.propagationPolicy ?? query.get("propagationPolicy") ?? undefined;
  const grace = options.gracePeriodSeconds ?? wholeNumber(query, "gracePeriodSeconds");
  if (orphanDependents !== undefined && word !== undefined) {
    throw badRequest("orphanDependents and deletionPropagation cannot be both set");
  }
  const policy = policies.find((name) => name === word) ?? legacyPolicy(orphanDependents);
  if (word !== undefined && policy === undefined) {
    throw invalidOption("DeleteOptions", notSupported("propagationPolicy", word, [...policies, ""]));
  }
  return {
    ...preconditions,
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    dryRun: isDryRun(query) || dryRun?.includes("All") === true,
  };
}

function legacyPolicy(orphan: boolean | undefined): DeleteOptions["propagationPolicy"] {
  if (orphan === undefined) return undefined;
  return orphan ? "Orphan" : "Background";
}
