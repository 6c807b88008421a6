/**
 * Objects that are questions: created, answered in their status, never stored. Whose token is this (TokenReview),
 * may they do that (SubjectAccessReview: yes, for this server knows its one user by the address alone), and a
 * token, please (TokenRequest, a subresource of service accounts).
 */
import { timestamp } from "../../timestamp.ts";
import { structure } from "../admission/structure.ts";
import { kubernetesSchema } from "../kinds/kubernetes.ts";
import { invalid, invalidValue, methodNotAllowed, required, strictDecodingError } from "../status.ts";
import { apiAudience, type Claims } from "../tokens/signer.ts";
import type { Tokens } from "../tokens/issue.ts";
import type { Answer } from "./answer.ts";
import { readBody } from "./body.ts";
import { fieldValidation } from "./field-validation.ts";
import type { ResourceRequest } from "./request.ts";

type Question = Pick<ResourceRequest, "method" | "query" | "headers" | "body">;

/** The kinds of question that are asked at the level of the cluster, for discovery too. */
export const reviewKinds = [
  { group: "authentication.k8s.io", plural: "tokenreviews", kind: "TokenReview", type: "V1TokenReview" },
  {
    group: "authorization.k8s.io",
    plural: "subjectaccessreviews",
    kind: "SubjectAccessReview",
    type: "V1SubjectAccessReview",
  },
  {
    group: "authorization.k8s.io",
    plural: "selfsubjectaccessreviews",
    kind: "SelfSubjectAccessReview",
    type: "V1SelfSubjectAccessReview",
  },
] as const;
export type ReviewKind = (typeof reviewKinds)[number];

/** @returns undefined when the path asks no such question */
export const reviewAt = (segments: readonly string[]): ReviewKind | undefined =>
  segments.length === 4 && segments[0] === "apis" && segments[2] === "v1"
    ? reviewKinds.find(({ group, plural }) => group === segments[1] && plural === segments[3])
    : undefined;

/** @throws StatusError */
export function serveReview(review: ReviewKind, question: Question, tokens: Tokens): Answer {
  const { kind, group, type } = review;
  const asked = read<{ spec?: { token?: string; audiences?: readonly string[] } }>({ kind, type }, question);
  const spec = asked.spec ?? {};
  if (kind === "TokenReview" && (spec.token ?? "") === "") {
    throw invalid({ ...review, name: "" }, [required("spec.token")]);
  }
  const status =
    kind === "TokenReview"
      ? identity(tokens.review(spec.token ?? ""), spec.audiences ?? [])
      : { allowed: true, reason: "the local cluster allows everything to whoever knows its address" };
  const metadata = { creationTimestamp: null };
  return { status: 201, json: { kind, apiVersion: `${group}/v1`, metadata, spec, status } };
}

function read<T>({ kind, type }: { kind: string; type: string }, question: Question): T {
  if (question.method !== "POST") throw methodNotAllowed();
  const body = readBody(question.body, question.headers);
  const { value, unknown } = structure(body.value, kubernetesSchema(type), kind);
  const errors = unknown.map((path) => `unknown field "${path}"`);
  if (errors.length > 0 && fieldValidation(question.query) === "Strict") {
    throw strictDecodingError({ kind, version: "v1" }, errors);
  }
  return value as T;
}

/** Whether the token is good for one of the audiences, and whose it is. */
function identity(claims: Claims | undefined, asked: readonly string[]): object {
  if (claims === undefined) return { user: {}, error: "invalid bearer token" };
  const wanted = asked.length === 0 ? [apiAudience] : asked;
  const audiences = claims.aud.filter((audience) => wanted.includes(audience));
  if (audiences.length === 0) {
    const list = (words: readonly string[]): string => words.map((word) => JSON.stringify(word)).join(" ");
    return {
      user: {},
      error: `token audiences [${list(claims.aud)}] is invalid for the target audiences [${list(wanted)}]`,
    };
  }
  const { namespace, serviceaccount, pod } = claims["kubernetes.io"];
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  const extra =
    pod === undefined
      ? {}
      : { "authentication.kubernetes.io/pod-name": [pod.name], "authentication.kubernetes.io/pod-uid": [pod.uid] };
  return {
    authenticated: true,
    user: { username: claims.sub, uid: serviceaccount.uid, groups, extra },
    audiences,
  };
}

interface TokenRequestBody {
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  };
}

/** Kubernetes' bounds of a token's life, in seconds. */
const [shortest, longest] = [600, 2 ** 32];

/** POST to a service account's `token`. @throws StatusError */
export function serveTokenRequest(request: ResourceRequest & { name: string }, tokens: Tokens): Answer {
  const { namespace = "", name } = request;
  const kind = "TokenRequest";
  const { spec = {} } = read<TokenRequestBody>({ kind, type: "AuthenticationV1TokenRequest" }, request);
  const { audiences = [], expirationSeconds = 3600, boundObjectRef: bound } = spec;
  const refuse = (why: string): never => {
    const subject = { group: "authentication.k8s.io", plural: "tokenrequests", kind, name: "" };
    throw invalid(subject, [invalidValue("spec.expirationSeconds", expirationSeconds, why)]);
  };
  if (expirationSeconds < shortest) refuse("may not specify a duration less than 10 minutes");
  if (expirationSeconds > longest) refuse("may not specify a duration larger than 2^32 seconds");
  const pod = bound?.kind === "Pod" ? { pod: { name: bound.name ?? "", uid: bound.uid ?? "" } } : {};
  const issued = tokens.issue({ namespace, serviceAccountName: name, audiences, expirationSeconds, ...pod });
  const status = { token: issued.token, expirationTimestamp: timestamp(issued.claims.exp * 1000) };
  return {
    status: 201,
    json: {
      kind,
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name, namespace, creationTimestamp: timestamp(issued.claims.iat * 1000) },
      spec: { ...spec, audiences: issued.claims.aud, expirationSeconds },
      status,
    },
  };
}
