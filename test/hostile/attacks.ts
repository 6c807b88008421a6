/** What a hostile client does, each for as long as it is let: connections that are opened anew whenever they are closed. */

/** One connection of an attack: what is written at its start, and what again and again. */
export interface Attack {
  readonly connections: number;
  readonly head: string;
  /** Written again and again. Absent: nothing more is. */
  readonly more?: Buffer;
  /** Milliseconds between two writes. Absent: as fast as the server takes it. */
  readonly everyMs?: number;
  /** Bytes after which the connection is given up; absent: never. */
  readonly maxBytes?: number;
}

const json = "content-type: application/json\r\n";
const depth = 100_000;
const deep = "[".repeat(depth) + "]".repeat(depth);
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const tenGigabytes = 10e9;

/** @param target its token goes with each request, so that nothing is refused only because nobody knows the sender */
export function attacks({ port, token }: { readonly port: number; readonly token: string }): Record<string, Attack> {
  const host = `host: 127.0.0.1:${port}\r\n`;
  const start = (what: string, headers = ""): string =>
    `${what} HTTP/1.1\r\n${host}authorization: Bearer ${token}\r\n${headers}`;
  const chunked = "transfer-encoding: chunked\r\n";
  const endless = (what: string, headers: string, text: string): Attack => ({
    connections: 4,
    head: `${start(what, headers + chunked)}\r\n`,
    more: Buffer.from(chunk(text)),
    maxBytes: tenGigabytes,
  });
  const again = (connections: number, request: string): Attack => ({
    connections,
    head: "",
    more: Buffer.from(request),
  });
  return {
    "10 GB of a task": endless("POST /v1/tasks", json, " ".repeat(65_536)),
    "10 GB in one cell of a dataset": endless("PUT /v1/datasets", "content-type: text/csv\r\n", "x".repeat(65_536)),
    "10 GB of rows": endless("PUT /v1/datasets", "content-type: text/csv\r\n", "1,2\n".repeat(16_384)),
    "10 GB of rows to predict": endless(
      "POST /v1/tasks/iris/predict",
      "content-type: text/csv\r\n",
      "1,2\n".repeat(16_384),
    ),
    "10 GB to who takes no body": endless("GET /v1/counts", "", "x".repeat(65_536)),
    "heads that never end, slowly": {
      connections: 3000,
      head: start("GET /v1/counts"),
      more: Buffer.from("x-a: b\r\n"),
      everyMs: 1000,
    },
    "connections that say nothing": { connections: 3000, head: "" },
    "bodies that come byte by byte": {
      connections: 1500,
      head: `${start("POST /v1/tasks", `${json}content-length: 1000000\r\n`)}\r\n`,
      more: Buffer.from(" "),
      everyMs: 1000,
    },
    "JSON that is 100,000 deep": again(
      4,
      `${start("POST /v1/tasks", `${json}content-length: ${2 * depth}\r\n`)}\r\n${deep}`,
    ),
    "YAML that is 100,000 deep": again(
      4,
      `${start("POST /v1/tasks", `content-type: application/yaml\r\ncontent-length: ${depth}\r\n`)}\r\n${"[".repeat(depth)}`,
    ),
    "100,000 headers": {
      connections: 8,
      head: start("GET /v1/counts"),
      more: Buffer.from("x-a: b\r\n".repeat(1000)),
      maxBytes: 8e5,
    },
    "a header of 100 MB": {
      connections: 8,
      head: `${start("GET /v1/counts")}x-a: `,
      more: Buffer.from("x".repeat(65_536)),
      maxBytes: 1e8,
    },
    "a URL of 100 MB": { connections: 8, head: "GET /", more: Buffer.from("x".repeat(65_536)), maxBytes: 1e8 },
    "a chunk's extension of 100 MB": {
      connections: 8,
      head: `${start("POST /v1/tasks", json + chunked)}\r\n1;`,
      more: Buffer.from("x".repeat(65_536)),
      maxBytes: 1e8,
    },
    "trailers of 100 MB": {
      connections: 8,
      head: `${start("POST /v1/tasks", json + chunked)}\r\n0\r\nx-a: `,
      more: Buffer.from("x".repeat(65_536)),
      maxBytes: 1e8,
    },
    "requests that wait for no answer": again(8, `${start("GET /v1/counts")}\r\n`.repeat(100)),
    "questions that nobody may ask": again(8, `GET /v1/counts HTTP/1.1\r\n${host}\r\n`),
  };
}
