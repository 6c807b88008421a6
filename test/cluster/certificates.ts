/**
 * Who is who in the cluster: an authority, a certificate for each part, and a kubeconfig for each client. The names
 * are those that the bootstrap policy of RBAC knows.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command } from "./command.ts";
import { addresses, kubeconfigOf, layout, nodeName, type User } from "./layout.ts";

/** Path of a file of the authority, or of a part: `ca.crt`, `sa.key`. */
export const certificate = (file: string): string => join(layout.certificates, file);

const apiServerNames = [
  "DNS:localhost",
  "DNS:kubernetes",
  "DNS:kubernetes.default",
  "DNS:kubernetes.default.svc",
  "DNS:kubernetes.default.svc.cluster.local",
  "IP:127.0.0.1",
  `IP:${addresses.firstService}`,
  `IP:${addresses.node}`,
];
const servers = {
  apiserver: { subject: "/CN=kube-apiserver", names: apiServerNames },
  kubelet: {
    subject: `/O=system:nodes/CN=system:node:${nodeName}`,
    names: [`DNS:${nodeName}`, "DNS:localhost", "IP:127.0.0.1", `IP:${addresses.node}`],
  },
};
const users: Record<User, string> = {
  admin: "/O=system:masters/CN=admin",
  "controller-manager": "/CN=system:kube-controller-manager",
  scheduler: "/CN=system:kube-scheduler",
  proxy: "/CN=system:kube-proxy",
  node: `/O=system:nodes/CN=system:node:${nodeName}`,
};
/** With it the API server asks the kubelet for logs. */
const kubeletClient = "/O=system:masters/CN=kube-apiserver-kubelet-client";

/** Makes them, unless they are there. */
export async function makeCertificates(): Promise<void> {
  if (existsSync(kubeconfigOf("node"))) return;
  mkdirSync(layout.certificates, { recursive: true, mode: 0o700 });
  await makeAuthority();
  for (const [name, { subject, names }] of Object.entries(servers)) {
    await issue(name, { subject, usage: "serverAuth", names });
  }
  await issue("kubelet-client", { subject: kubeletClient, usage: "clientAuth" });
  await openssl("genrsa -out sa.key 2048");
  await openssl("rsa -in sa.key -pubout -out sa.pub");
  for (const [user, subject] of Object.entries(users) as [User, string][]) {
    await issue(user, { subject, usage: "clientAuth" });
    writeKubeconfig(user);
  }
}

async function makeAuthority(): Promise<void> {
  await newKey("ca");
  const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"];
  await openssl(
    "req -x509 -new -key ca.key -subj /CN=traintask-test-ca -days 3650 -out ca.crt",
    ...extensions.flatMap((extension) => ["-addext", extension]),
  );
}

async function issue(
  name: string,
  { subject, usage, names = [] }: { subject: string; usage: "serverAuth" | "clientAuth"; names?: readonly string[] },
): Promise<void> {
  await newKey(name);
  await openssl(`req -new -key ${name}.key -out request`, "-subj", subject);
  const alternatives = names.length === 0 ? [] : [`subjectAltName=${names.join(",")}`];
  const extensions = ["keyUsage=critical,digitalSignature", `extendedKeyUsage=${usage}`, ...alternatives];
  writeFileSync(certificate("extensions"), extensions.join("\n"));
  const authority = "-CA ca.crt -CAkey ca.key -CAcreateserial";
  await openssl(`x509 -req -in request ${authority} -days 3650 -extfile extensions -out ${name}.crt`);
  for (const file of ["request", "extensions"]) rmSync(certificate(file));
}

const newKey = (name: string): Promise<unknown> => openssl(`ecparam -name prime256v1 -genkey -noout -out ${name}.key`);

/** @param line words between blanks; what may hold a blank follows it */
const openssl = (line: string, ...args: string[]): Promise<unknown> =>
  command(["openssl", ...line.split(" "), ...args], { cwd: layout.certificates });

/** JSON, which is YAML too. */
function writeKubeconfig(user: User): void {
  const inline = (file: string): string => readFileSync(certificate(file)).toString("base64");
  const cluster = { server: `https://${addresses.node}:6443`, "certificate-authority-data": inline("ca.crt") };
  const credentials = {
    "client-certificate-data": inline(`${user}.crt`),
    "client-key-data": inline(`${user}.key`),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "traintask", cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: "traintask", context: { cluster: "traintask", user } }],
    "current-context": "traintask",
  };
  mkdirSync(dirname(kubeconfigOf(user)), { recursive: true, mode: 0o700 });
  writeFileSync(kubeconfigOf(user), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
