import type { Request } from "express";
import { expect, it } from "vitest";
import { aTrainTask } from "../test/builders/objects.ts";
import type { Cache } from "./cache.ts";
import { present, presentNew } from "./present.ts";

const api = { cache: { stateOf: () => "Running" } as unknown as Cache };
const request = { protocol: "http", headers: { host: "127.0.0.1:5000" } } as Request;

it("shows a task without the API server's book of who wrote which field, and with its other metadata", () => {
  const task = aTrainTask({
    metadata: { name: "iris", managedFields: [{ manager: "kubectl" }], labels: { team: "blue" } },
  });
  for (const shown of [present(api, request, task), presentNew(api, request, task)]) {
    expect(shown.metadata).not.toHaveProperty("managedFields");
    expect(shown.metadata).toMatchObject({ name: "iris", labels: { team: "blue" }, uid: task.metadata.uid });
    expect(shown.links.self).toBe("http://127.0.0.1:5000/v1/tasks/iris");
  }
});
