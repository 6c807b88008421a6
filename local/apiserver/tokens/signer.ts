/**
 * Tokens of service accounts: JWTs (HS256) signed with a key that stays in this server's store. A token is bound to
 * its audiences, to an expiry and, for a pod, to that very pod: when the pod is gone, so is the token's worth.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly serviceAccountUid?: string;
  /** Empty: the API server itself. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** What a token says; times in seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly aud: readonly string[];
  readonly iat: number;
  readonly exp: number;
  readonly sub: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly pod?: { readonly name: string; readonly uid: string };
  };
}

/** The audience of a token that names none. */
export const apiAudience = "https://kubernetes.default.svc";

export interface Signer {
  /** @param now milliseconds since 1970 */
  sign(request: TokenRequest, now: number): { token: string; claims: Claims };
  /** The claims of a token that this server signed and that has not expired; undefined for any other text. */
  verify(token: string, now: number): Claims | undefined;
}

export function createSigner(key: Buffer): Signer {
  const header = encode({ alg: "HS256", typ: "JWT" });
  const signature = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  return {
    sign(request, now) {
      const claims = claimsFor(request, Math.floor(now / 1000));
      const text = `${header}.${encode(claims)}`;
      return { token: `${text}.${signature(text).toString("base64url")}`, claims };
    },
    verify(token, now) {
      const end = token.lastIndexOf(".");
      const given = Buffer.from(token.slice(end + 1), "base64url");
      const right = signature(token.slice(0, Math.max(0, end)));
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
      return claims.exp * 1000 > now ? claims : undefined;
    },
  };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function claimsFor(request: TokenRequest, now: number): Claims {
  const { namespace, serviceAccountName: name, serviceAccountUid: uid = "", audiences, pod } = request;
  return {
    iss: apiAudience,
    aud: audiences.length === 0 ? [apiAudience] : audiences,
    iat: now,
    exp: now + request.expirationSeconds,
    sub: `system:serviceaccount:${namespace}:${name}`,
    "kubernetes.io": { namespace, serviceaccount: { name, uid }, ...(pod === undefined ? {} : { pod }) },
  };
}
