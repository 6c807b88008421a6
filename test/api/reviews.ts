/**
 * SubjectAccessReviews as a test says. The local API server allows everything to everybody, so they are answered
 * before they reach it; TokenReviews are its own.
 */
import type { AccessQuestion } from "../../kube/client.ts";
import type { Transport } from "../../kube/transport.ts";

/** What is asked: which user, by name, may do what. */
export type Question = Omit<AccessQuestion, "user"> & { readonly user: string };

export type Judge = (question: Question) => boolean;

/** For `StackOptions.wrap`. */
export function reviewsBy(judge: Judge): (send: Transport["send"]) => Transport["send"] {
  return (send) => async (request) => {
    if (!request.path.startsWith("/apis/authorization.k8s.io/v1/subjectaccessreviews")) return send(request);
    const review = JSON.parse(Buffer.from(request.body ?? "").toString()) as {
      spec: { user: string; resourceAttributes: Omit<Question, "user"> };
    };
    const { user, resourceAttributes } = review.spec;
    const status = { allowed: judge({ user, ...resourceAttributes }) };
    const body = Buffer.from(JSON.stringify({ ...review, status }));
    return { status: 201, headers: {}, body: once(body) };
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
