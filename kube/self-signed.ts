/** Test support: a self-signed certificate for localhost, by openssl. */
import { execFileSync } from "node:child_process";
import path from "node:path";

/** Paths of PEM files. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Writes key and certificate into the directory; undefined where there is no openssl. */
export function selfSigned(directory: string): Certificate | undefined {
  const key = path.join(directory, "key.pem");
  const cert = path.join(directory, "cert.pem");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const options = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  try {
    execFileSync("openssl", [...options, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key, cert };
  } catch {
    return undefined;
  }
}
