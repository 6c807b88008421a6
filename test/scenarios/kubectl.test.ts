/** The second door: an unmodified kubectl against the local cluster, with the kubeconfig that the program prints. */
import { execFile, spawnSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, startSystem, type System } from "./system.ts";

const kubectlIsHere = spawnSync("kubectl", ["version", "--client"]).status === 0;
const run = promisify(execFile);
let system: System;
const kubectl = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await run("kubectl", ["--kubeconfig", system.kubeconfig, ...args], { timeout: 60_000 });
  return stdout + stderr;
};

describe.skipIf(!kubectlIsHere)("kubectl (skipped where there is none on the PATH)", () => {
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => {
    await system.stop();
  });

  it("applies the first example, waits for it, reads its log and deletes it", { timeout: 120_000 }, async () => {
    expect(await kubectl("apply", "-f", path.join(root, "examples/01-first-task/task.yaml"))).toContain("created");
    expect(await kubectl("wait", "--for=condition=Complete", "--timeout=60s", "tt/iris")).toContain("condition met");

    const [header = "", row = ""] = (await kubectl("get", "tt")).split("\n");
    expect(header.match(/\S+/g)?.join(" ")).toBe("NAME STATE POS PROGRESS LEFT SCORE CURVE AGE");
    expect(row).toMatch(/^iris\s+Succeeded\s/);
    const column = (name: string): string => row.slice(header.indexOf(name)).split(/\s{2,}/)[0] ?? "";
    expect(column("PROGRESS")).toBe("100");
    expect(column("SCORE")).toMatch(/^acc (0\.9\d*|1)/);
    expect(column("CURVE")).toMatch(/^[▁▂▃▄▅▆▇█]{10,20}$/);

    const described = await kubectl("describe", "tt/iris");
    expect(described).toMatch(/Complete/);
    const job = (await kubectl("get", "tt/iris", "-o", "jsonpath={.status.jobName}")).trim();
    expect(await kubectl("logs", `job/${job}`)).toMatch(/tree/i);

    expect(await kubectl("apply", "-f", path.join(root, "examples/01-first-task/task.yaml"))).toContain("unchanged");
    expect(await kubectl("delete", "tt/iris")).toContain("deleted");
    expect(await kubectl("get", "tt")).toContain("No resources found");
  });

  it("is told the field when it sends one that does not exist", async () => {
    const answer = await kubectl(
      "create",
      "--validate=strict",
      "-f",
      path.join(root, "test/scenarios/unknown-field.yaml"),
    ).catch((error: { stderr: string }) => error.stderr);
    expect(answer).toContain('unknown field "spec.trainer.randomForest.trees"');
  });
});
