/** How the suite looks at a refusal: by class, and by the fields that its causes name. */
import { expect } from "vitest";
import { ApiError, InvalidError } from "../../kube/errors.ts";

type ErrorClass = new (...args: never[]) => ApiError;

/** The ApiError of that class that the call ends with; anything else fails the case. */
export async function refusal(call: Promise<unknown>, kind: ErrorClass = ApiError): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error("the server accepted what it must refuse");
  expect(error).toBeInstanceOf(kind);
  return error as ApiError;
}

/** The causes of a 422 as `reason field`. */
export async function causes(call: Promise<unknown>): Promise<string[]> {
  const { status } = await refusal(call, InvalidError);
  return (status.details?.causes ?? []).map(({ reason, field }) => `${reason} ${field}`);
}
