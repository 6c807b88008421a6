/** Gives out tokens of a service account: to the kubelet for a pod's volume, and to whoever asks (TokenRequest). */
import { randomBytes } from "node:crypto";
import type { ObjectMeta } from "../../../kube/objects.ts";
import { notFound } from "../status.ts";
import type { Machine } from "../writes.ts";
import { createSigner, type Claims, type Signer, type TokenRequest } from "./signer.ts";

export interface Tokens {
  /**
   * @returns a signed token and what it says
   * @throws StatusError 404 when the service account or the pod is not there
   */
  issue(request: TokenRequest): { token: string; claims: Claims };
  /** The claims of a valid token whose service account and pod are still the same; undefined for any other. */
  review(token: string): Claims | undefined;
}

export function createTokens({ store, clock }: Pick<Machine, "store" | "clock">): Tokens {
  const signer = createSigner(Buffer.from(store.remembered("token key", newKey), "base64"));
  const uidOf = (kind: string, namespace: string, name: string): string | undefined =>
    store.get(kind, `${namespace}/${name}`)?.metadata?.uid;
  return {
    issue: (request) => issue(signer, { request, uidOf, now: clock.now() }),
    review(token) {
      const claims = signer.verify(token, clock.now());
      if (claims === undefined) return undefined;
      const { namespace, serviceaccount, pod } = claims["kubernetes.io"];
      if (uidOf("serviceaccounts", namespace, serviceaccount.name) !== serviceaccount.uid) return undefined;
      return pod !== undefined && uidOf("pods", namespace, pod.name) !== pod.uid ? undefined : claims;
    },
  };
}

const newKey = (): string => randomBytes(32).toString("base64");

interface Issue {
  readonly request: TokenRequest;
  readonly uidOf: (kind: string, namespace: string, name: string) => ObjectMeta["uid"];
  readonly now: number;
}

function issue(signer: Signer, { request, uidOf, now }: Issue): { token: string; claims: Claims } {
  const { namespace, serviceAccountName: name, pod } = request;
  const serviceAccountUid = uidOf("serviceaccounts", namespace, name);
  if (serviceAccountUid === undefined) {
    throw notFound({ group: "", plural: "serviceaccounts", kind: "ServiceAccount", name });
  }
  if (pod !== undefined && uidOf("pods", namespace, pod.name) !== pod.uid) {
    throw notFound({ group: "", plural: "pods", kind: "Pod", name: pod.name });
  }
  return signer.sign({ ...request, serviceAccountUid }, now);
}
