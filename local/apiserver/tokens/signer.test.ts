import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { apiAudience, createSigner, type TokenRequest } from "./signer.ts";

const now = Date.UTC(2030, 0, 1);
const request: TokenRequest = {
  namespace: "n",
  serviceAccountName: "s",
  audiences: ["one"],
  expirationSeconds: 600,
  pod: { name: "p", uid: "u" },
};
const signer = createSigner(Buffer.from("a key"));

describe("a token", () => {
  test("says what it was made for until it expires", () => {
    const { token, claims } = signer.sign(request, now);
    expect(claims).toMatchObject({ aud: ["one"], exp: now / 1000 + 600, sub: "system:serviceaccount:n:s" });
    expect(signer.verify(token, now + 599_999)).toEqual(claims);
    expect(signer.verify(token, now + 600_000)).toBeUndefined();
  });

  test("without audience is for the API server", () => {
    expect(signer.sign({ ...request, audiences: [] }, now).claims.aud).toEqual([apiAudience]);
  });

  test("of another key, changed, or cut is worth nothing", () => {
    const { token, claims } = signer.sign(request, now);
    const [header = "", , signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...claims, aud: ["other"] })).toString("base64url");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${forged}.`;
    const others = [
      createSigner(Buffer.from("another key")).sign(request, now).token,
      `${header}.${forged}.${signature}`,
      unsigned,
      token.slice(0, -1),
      "",
      ".",
      "..",
    ];
    for (const text of others) expect(signer.verify(text, now)).toBeUndefined();
  });

  test("is a JWT that others can check", () => {
    const [header = "", claims = "", signature] = signer.sign(request, now).token.split(".");
    expect(createHmac("sha256", "a key").update(`${header}.${claims}`).digest("base64url")).toBe(signature);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
  });
});
