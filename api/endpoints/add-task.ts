/** `GET /AddTask`: the Flask program's call, text for text. It submits a task from a template. */
import type { RequestHandler } from "express";
import type { Api } from "../api.ts";
import { readManifest } from "../manifest.ts";
import { submitTask } from "../submit.ts";

export function addTask(api: Pick<Api, "client" | "cache" | "settings">): RequestHandler {
  return async (_request, response) => {
    const { addTask: template } = api.settings;
    const metadata = { generateName: "addtask-", ...template.metadata };
    await submitTask(api, readManifest({ ...template, metadata }, { namespace: undefined }));
    response.type("text/plain").send("Success");
  };
}
