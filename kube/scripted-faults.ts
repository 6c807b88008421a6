/** Test support: the ways in which a scripted server goes wrong. */
import { refusal, sendJson, watchLine, type Fault } from "./scripted-server.ts";

/** Answers this status; `headers` such as Retry-After come with it. */
export function answers(code: number, reason: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return ({ response }) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, code, refusal(code, reason).body);
  };
}

/** Begins a watch, sends exactly these bytes, and then does what `afterwards` says. */
export function watchSends(bytes: string | Buffer, afterwards: "ends" | "resets" | "is silent"): Fault {
  return ({ request, response }) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(bytes, () => {
      if (afterwards === "ends") response.end();
      if (afterwards === "resets") request.socket.resetAndDestroy();
    });
  };
}

/** Hands on every change to a watch byte by byte, each in a chunk of its own. */
export const watchDribbles: Fault = ({ response, serve }) => {
  const write = response.write.bind(response);
  const bytes: number[] = [];
  const dribble = (): void => {
    const byte = bytes.shift();
    if (byte === undefined || response.destroyed) return;
    write(Buffer.from([byte]), () => setImmediate(dribble));
  };
  response.write = (line: string) => {
    bytes.push(...Buffer.from(line));
    if (bytes.length === Buffer.byteLength(line)) dribble();
    return true;
  };
  serve();
};

/** An ERROR event in the stream of a watch. */
export function watchErrs(code: number, reason: string): Fault {
  return watchSends(watchLine("ERROR", refusal(code, reason).body), "ends");
}

/** A connection that stands while nothing comes through it, not even headers. */
export const silence: Fault = () => undefined;

/** Accepts a watch and never says a word. */
export const halfOpenWatch: Fault = ({ response }) => {
  response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
};

/** Cuts the connection instead of answering; nothing was done. */
export const reset: Fault = ({ request }) => {
  request.socket.resetAndDestroy();
};

/** Does what was asked for, and cuts the connection before the answer. */
export const loseReply: Fault = ({ request, carryOut }) => {
  carryOut();
  request.socket.resetAndDestroy();
};

/** Answers with half of a JSON object, as if it were a whole one. */
export const halfAnswer: Fault = ({ response }) => {
  response.writeHead(200, { "content-type": "application/json" }).end('{"metadata":{"resourceVersion":"1"},"it');
};
