/**
 * A hostile client as a process of its own: makes one of the attacks until its standard input closes. Arguments: port, token,
 * name of the attack. Prints one line of JSON at its end.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { attacks } from "./attacks.ts";
import type { Attack } from "./attacks.ts";

export interface Tally {
  readonly connections: number;
  readonly bytesWritten: number;
  /** How often each status line came. */
  readonly answers: Readonly<Record<string, number>>;
}

const [port, token, name] = [Number(process.argv[2]), process.argv[3] ?? "", process.argv[4] ?? ""];
const attack = attacks({ port, token })[name];
if (attack === undefined) throw new Error(`there is no attack "${name}"`);

const open = new Set<Socket>();
const answers: Record<string, number> = {};
let [connections, bytesWritten, over] = [0, 0, false];

/** A closed connection is opened again, but at most so soon: who only knocks costs the system more than the server. */
const pauseMs = 10;

function begin({ head, more, everyMs, maxBytes = Number.POSITIVE_INFINITY }: Attack): void {
  if (over) return;
  const socket = connect(port, "127.0.0.1");
  open.add(socket);
  connections += 1;
  const pour = (): void => {
    while (more !== undefined && !socket.destroyed && socket.bytesWritten < maxBytes && socket.write(more));
    if (socket.bytesWritten >= maxBytes) socket.destroy();
  };
  const drip = everyMs === undefined ? undefined : setInterval(() => socket.write(more ?? ""), everyMs);
  socket.on("connect", () => {
    socket.write(head);
    if (everyMs === undefined) pour();
  });
  if (everyMs === undefined) socket.on("drain", pour);
  socket.on("data", (bytes: Buffer) => {
    for (const [, status = ""] of bytes.toString("latin1").matchAll(/HTTP\/1\.1 (\d{3})/g))
      answers[status] = (answers[status] ?? 0) + 1;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearInterval(drip);
    open.delete(socket);
    bytesWritten += socket.bytesWritten;
    setTimeout(() => begin(attack!), pauseMs);
  });
}

for (let i = 0; i < attack.connections; i++) begin(attack);
process.stdin.resume().on("end", () => {
  over = true;
  for (const socket of open) bytesWritten += socket.bytesWritten;
  const tally: Tally = { connections, bytesWritten, answers };
  console.log(JSON.stringify(tally));
  process.exit(0);
});
