/** Counts what is asked of an API server: a transport that tells of each request what it was and what came of it. */
import type { Transport, TransportRequest } from "./transport.ts";

/** A verb as Kubernetes' own roles and audit log call it, and the HTTP status; "none" when no answer came. */
export type RequestObserver = (verb: string, code: number | "none") => void;

export function observedTransport(transport: Transport, observe: RequestObserver): Transport {
  return {
    async send(request) {
      try {
        const response = await transport.send(request);
        observe(verbOf(request), response.status);
        return response;
      } catch (error) {
        observe(verbOf(request), "none");
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

const writes: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

export function verbOf({ method, path }: Pick<TransportRequest, "method" | "path">): string {
  const write = writes[method];
  if (write !== undefined) return write;
  const [where = "", query = ""] = path.split("?");
  if (new URLSearchParams(query).has("watch")) return "watch";
  return namesObject(where) ? "get" : "list";
}

/** `/api/v1/...` or `/apis/<group>/<version>/...`, then perhaps a namespace, the kind's plural, and perhaps a name. */
function namesObject(where: string): boolean {
  const [, api, ...rest] = where.split("/");
  const behind = rest.slice(api === "apis" ? 2 : 1);
  const [first, , third] = behind;
  return behind.length > (first === "namespaces" && third !== undefined ? 3 : 1);
}
