/** The OpenAPI 3.1 document, put together from the table of operations and the schemas. */
import type { z } from "zod";
import { trainTasks } from "../traintask/names.ts";
import { audience } from "./access/kubernetes-access.ts";
import { ruleFor } from "./access/verbs.ts";
import type { Rule } from "./access/verbs.ts";
import { operations } from "./openapi-operations.ts";
import type { Operation } from "./openapi-operations.ts";
import { jsonSchema, ref, schemas } from "./openapi-schemas.ts";
import type { Json } from "./openapi-schemas.ts";
import type { Method } from "./routes.ts";

const podToken = "podToken";
const userToken = "kubernetesToken";

/** A pure function of the code: `npm run generate` writes it to api/openapi.json, GET /openapi.json serves it. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [call, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = call.split(" ");
    paths[path] = { ...paths[path], [method]: describe({ method: method as Method, path }, operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "TrainTask",
      version: "v1alpha1",
      description: "One HTTP request in, a trained model out. Errors are problem documents (RFC 9457).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:5000" }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        [podToken]: {
          type: "http",
          scheme: "bearer",
          description: "The token projected into the running attempt's pod",
        },
        [userToken]: {
          type: "http",
          scheme: "bearer",
          description: `A token that the cluster knows, made for the API server or for the audience ${audience}. npm start asks for none`,
        },
      },
    },
  };
}

function describe({ method, path }: { method: Method; path: string }, operation: Operation): Json {
  const { summary, query, headers = [], body, status, answer } = operation;
  const rule = ruleFor({ method, path: path.replaceAll(/\{(\w+)\}/g, ":$1") });
  const parameters = [
    ...pathParameters(path),
    ...queryParameters(query),
    ...headers.map((header) => ({ in: "header", ...header, schema: { type: "string" } })),
  ];
  return {
    summary,
    ...permission(rule),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body) } }),
    responses: {
      [status]: { description: "Done", ...(answer === undefined ? {} : { content: content(answer) }) },
      default: { description: "A problem", content: content({ "application/problem+json": ref("Problem") }) },
    },
  };
}

/** Who may make the call: the pod with its token; whoever Kubernetes allows it, or anybody on this machine; everybody. */
function permission(rule: Rule): Json {
  if (rule.who === "anyone") return { security: [] };
  if (rule.who === "pod") return { security: [{ [podToken]: [] }] };
  const subresource = rule.subresource === undefined ? "" : `/${rule.subresource}`;
  return {
    description: `In a cluster, needs the right to ${rule.verb} ${trainTasks.plural}${subresource}.`,
    security: [{ [userToken]: [] }, {}],
  };
}

function content(schemasByType: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(Object.entries(schemasByType).map(([type, schema]) => [type, { schema }]));
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    in: "path",
    name: match[1],
    required: true,
    schema: { type: match[1] === "shard" ? "integer" : "string" },
  }));
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = jsonSchema(field as z.ZodType, "output");
    const required = !(field as z.ZodType).safeParse(undefined).success;
    return {
      in: "query",
      name,
      ...(description === undefined ? {} : { description }),
      ...(required ? { required } : {}),
      schema,
    };
  });
}
