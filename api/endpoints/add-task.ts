/** `GET /AddTask`: the Flask program's call, text for text. It submits a task from a template. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { readManifest } from "../manifest.ts";
import { Problem } from "../problem.ts";
import { submitTask } from "../submit.ts";

export function addTask(api: Pick<Api, "client" | "cache" | "settings">): RequestHandler {
  return async (request, response) => {
    // Express answers HEAD with the GET endpoint, and whoever sends HEAD wants to change nothing.
    if (request.method === "HEAD")
      throw new Problem({ status: 405, detail: "/AddTask takes GET.", headers: { allow: "GET" } });
    const { addTask: template } = api.settings;
    const { name = "addtask", ...rest } = template.metadata ?? {};
    // Called again and again, so a name that the template gives can only be the beginning of one.
    const metadata = { generateName: `${name}-`, ...rest };
    await submitTask(api, readManifest({ ...template, metadata }, { namespace: undefined }));
    response.type("text/plain").send("Success");
  };
}
