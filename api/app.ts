/** The Express application: what every request passes, then the sitemap, then the refusals. */
import express from "express";
import type { Express, RequestHandler } from "express";
import helmet from "helmet";
import { ruleFor } from "./access/verbs.ts";
import type { Api } from "./api.ts";
import { errorRenderer } from "./error-renderer.ts";
import type { RequestObserver } from "./metrics.ts";
import { Problem } from "./problem.ts";
import { routes } from "./routes.ts";
import type { Route } from "./routes.ts";
import { sameOriginOnly } from "./same-origin.ts";
import { servedOnly } from "./served.ts";
import { writeTypesOnly } from "./write-types.ts";

export interface AppOptions {
  readonly api: Api;
  readonly port: () => number;
  readonly observe?: RequestObserver;
}

export function createApp({ api, port, observe }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false).set("query parser", "simple").set("case sensitive routing", true);
  if (observe !== undefined) app.use(observing(observe, api));
  app.use(
    helmet({ strictTransportSecurity: false }),
    sameOriginOnly({ port, anyName: api.settings.access === "kubernetes" }),
    writeTypesOnly(),
  );
  const all = routes(api);
  for (const route of all) {
    const rule = ruleFor(route);
    app[route.method](route.path, api.access.guard(rule), servedOnly(api, rule), route.endpoint);
  }
  for (const path of new Set(all.map((route) => route.path))) app.all(path, methodNotAllowed(all, path));
  app.use(notFound(), errorRenderer(api.log));
  return app;
}

function methodNotAllowed(all: readonly Route[], path: string): RequestHandler {
  const methods = all.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  const allow = (methods.includes("GET") ? [...methods, "HEAD"] : methods).join(", ");
  return (request) => {
    throw new Problem({
      status: 405,
      detail: `${request.path} does not take ${request.method}, but ${allow}.`,
      headers: { allow },
    });
  };
}

function notFound(): RequestHandler {
  return (request) => {
    throw new Problem({
      status: 404,
      detail: `There is nothing at ${request.path.slice(0, 200)}; GET /openapi.json says what there is.`,
    });
  };
}

function observing(observe: RequestObserver, { clock }: Api): RequestHandler {
  return (request, response, next) => {
    const began = clock.monotonic();
    response.on("close", () => {
      const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
      observe({
        method: request.method,
        route: typeof route === "string" ? route : "other",
        status: response.statusCode,
        seconds: (clock.monotonic() - began) / 1000,
      });
    });
    next();
  };
}
