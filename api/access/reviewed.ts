/** A review that gets no answer is no consent: then nobody comes in, and it is not the caller's fault. */
import { Problem } from "../problem.ts";

/**
 * The answer of a TokenReview or SubjectAccessReview.
 * @throws Problem 503 when there is none, for whatever reason
 */
export async function reviewed<T>(review: Promise<T>): Promise<T> {
  try {
    return await review;
  } catch (cause) {
    throw new Problem({
      status: 503,
      detail: "Kubernetes could not be asked whether you may do this. Nothing was done; try again.",
      headers: { "retry-after": "1" },
      cause,
    });
  }
}
