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
    const metadata = { generateName: "addtask-", ...template.metadata };
    await submitTask(api, readManifest({ ...template, metadata }, { namespace: undefined }));
    response.type("text/plain").send("Success");
  };
}
