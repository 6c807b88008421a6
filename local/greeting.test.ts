import { describe, expect, it } from "vitest";
import { greeting, nextCalls, progressLine } from "./greeting.ts";

const plain = {
  version: "0.1.0",
  apiUrl: "http://127.0.0.1:5000",
  kubeconfig: "/data/kubeconfig",
  dataDir: "/data",
  maxRunning: 2,
};

describe("the greeting", () => {
  it("names the API, the kubeconfig, the data folder and the first curl", () => {
    const text = greeting(plain);
    expect(text).toMatch(/HTTP API\s+http:\/\/127\.0\.0\.1:5000/);
    expect(text).toContain("kubectl --kubeconfig /data/kubeconfig get tt");
    expect(text).toContain("curl --data-binary @examples/01-first-task/task.yaml");
    expect(text).toContain("2 tasks at a time");
  });

  it("says that container tasks are refused, or how they are allowed", () => {
    expect(greeting(plain)).toContain("refused; --allow-host-commands");
    expect(greeting({ ...plain, containerToken: "secret" })).toContain("authorization: Bearer secret");
  });
});

describe("a line of progress", () => {
  it("draws how far the task is, with its score and time left", () => {
    expect(
      progressLine("iris", { state: "Running", percentage: 60, left: "2s", score: "acc 0.953", curve: "▁▄█" }),
    ).toBe("  iris  Running    [############--------]   60 %  2s left  acc 0.953  ▁▄█");
  });

  it("leaves out what is not known", () => {
    expect(progressLine("iris", { state: "Queued", position: 3 })).toBe(
      "  iris  Queued     [--------------------]    0 %  place 3 in the queue",
    );
  });
});

describe("the next calls", () => {
  it("quote the links, which contain a question mark", () => {
    const at = (what: string): string => `http://x/${what}?namespace=default`;
    const text = nextCalls({ model: at("model"), report: at("report"), logs: at("logs"), predict: at("predict") });
    expect(text).toContain("curl -o model.jsonl 'http://x/model?namespace=default'");
    expect(text.match(/'http/g)).toHaveLength(4);
  });

  it("name the trials of a search", () => {
    const at = (what: string): string => `http://x/${what}`;
    const links = { model: at("model"), report: at("report"), logs: at("logs"), predict: at("predict") };
    expect(nextCalls({ ...links, trials: at("trials") })).toContain("curl -H 'accept: text/csv' 'http://x/trials'\n");
    expect(nextCalls({ ...links, trials: undefined })).toBe(nextCalls(links));
  });
});
