/**
 * Questions to the API server about others: whose token is this (TokenReview), and may they do that
 * (SubjectAccessReview). Both are objects that are created and never stored; the answer comes back in their status.
 */
import type { AccessQuestion, CallOptions, TokenIdentity, WriteOptions } from "./client.ts";
import type { KubeObject, Resource } from "./objects.ts";

type Create = <T>(resource: Resource, object: KubeObject, options?: WriteOptions) => Promise<T>;

const tokenReviews: Resource = {
  group: "authentication.k8s.io",
  version: "v1",
  plural: "tokenreviews",
  kind: "TokenReview",
  namespaced: false,
};
const subjectAccessReviews: Resource = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
  kind: "SubjectAccessReview",
  namespaced: false,
};

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string; readonly audiences: readonly string[] };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
    readonly audiences?: readonly string[];
  };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

/**
 * The bearer of a token made for one of these audiences; of none: made for the API server itself. A server that does
 * not know audiences leaves them out of its answer; then it has not checked them, and the token counts as made for none.
 */
export async function reviewToken(
  create: Create,
  question: { token: string; audiences: readonly string[] },
  options?: CallOptions,
): Promise<TokenIdentity | undefined> {
  const review: TokenReview = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token: question.token, audiences: question.audiences },
  };
  const { status } = await create<TokenReview>(tokenReviews, review, options);
  const user = status?.user;
  if (status?.authenticated !== true || user?.username === undefined) return undefined;
  const forServer = question.audiences.length === 0;
  const audiences = (status.audiences ?? []).filter((one) => forServer || question.audiences.includes(one));
  if (!forServer && audiences.length === 0) return undefined;
  return {
    username: user.username,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: user.groups ?? [],
    extra: user.extra ?? {},
    audiences,
  };
}

/** Whether that user may do that; the reason is the server's, where it gives one. */
export async function reviewAccess(
  create: Create,
  question: AccessQuestion,
  options?: CallOptions,
): Promise<{ allowed: boolean; reason?: string }> {
  const { verb, group, resource, subresource, namespace, name } = question;
  const { username, uid, groups, extra } = question.user;
  const review: SubjectAccessReview = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: username,
      uid,
      groups,
      extra,
      resourceAttributes: { verb, group, resource, subresource, namespace, name },
    },
  };
  const { status } = await create<SubjectAccessReview>(subjectAccessReviews, review, options);
  const reason = status?.reason;
  return { allowed: status?.allowed === true, ...(reason === undefined || reason === "" ? {} : { reason }) };
}
