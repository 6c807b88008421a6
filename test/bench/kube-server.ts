/**
 * The server that the kube client's bench talks to, as a process of its own so that its CPU is not counted. It answers
 * a Job under any object's path, a page of 500 under a collection's, and tells how many connections there were at most.
 * Arguments: nothing for http, or the paths of a key and a certificate. Prints its URL.
 */
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

const [keyFile, certFile] = process.argv.slice(2);

const aJob = (number: number): object => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: {
    name: `job-${number}`,
    namespace: "default",
    uid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    resourceVersion: String(number),
    labels: { app: "bench", number: String(number) },
    creationTimestamp: "2030-01-01T00:00:00Z",
  },
  spec: {
    parallelism: 1,
    template: {
      spec: {
        restartPolicy: "Never",
        containers: [
          {
            name: "main",
            image: "image",
            env: Array.from({ length: 20 }, (_, at) => ({ name: `ENV_${at}`, value: "value" })),
          },
        ],
      },
    },
  },
  status: { active: 1, ready: 1 },
});

const object = JSON.stringify(aJob(1));
const list = JSON.stringify({
  kind: "JobList",
  metadata: { resourceVersion: "1" },
  items: Array.from({ length: 500 }, (_, at) => aJob(at)),
});
let open = 0;
let most = 0;

const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
  request.resume();
  const path = request.url ?? "";
  const body = path === "/connections" ? JSON.stringify({ most }) : /\/jobs(\?|$)/.test(path) ? list : object;
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
};

const server =
  keyFile === undefined || certFile === undefined
    ? http.createServer(answer)
    : https.createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, answer);
server.keepAliveTimeout = 60_000;
server.on("connection", (socket) => {
  most = Math.max(most, ++open);
  socket.on("close", () => (open -= 1));
});
server.listen(0, "127.0.0.1", () => {
  const scheme = keyFile === undefined ? "http" : "https";
  console.log(`${scheme}://localhost:${(server.address() as AddressInfo).port}`);
});
