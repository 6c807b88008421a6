/** The audit line: each decision about access as one line of the log. No line holds a token, nor a query or a header. */
import type { Request } from "express";
import type { Log } from "../../kube/log.ts";
import type { Permission } from "./access.ts";

export interface Decided extends Partial<Permission> {
  /** Absent when nobody knows who asked. */
  readonly user?: string;
  readonly allowed: boolean;
  readonly reason?: string;
}

/** Longest part of a path that is noted: a request may name what it likes. */
const maxPath = 300;

export function audit(log: Log, request: Request, decided: Decided): void {
  const { method, path, socket } = request;
  log.info({ ...decided, method, path: path.slice(0, maxPath), from: socket.remoteAddress }, "access decided");
}
