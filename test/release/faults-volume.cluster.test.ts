/**
 * The volume of the artifacts is full, on a real node: nothing half is kept, the API says what to do and can start, trainers
 * wait, and when there is room they go on to the same model.
 */
import { join } from "node:path";
import { chmodSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { command, succeeds } from "../cluster/command.ts";
import { layout } from "../cluster/layout.ts";
import { aScene, type Scene } from "./fault-scene.ts";
import { killContainer } from "./processes.ts";
import { cannotInstall, eventually, theRelease, unlessInstallable } from "./release.ts";

const timeout = 400_000;
const elsewhere = process.env["TRAINTASK_IN_NETWORK"] === undefined;
const unless = elsewhere ? " (skipped: needs a cluster whose volumes this program may fill)" : unlessInstallable;

describe.skipIf(cannotInstall || elsewhere)(`the volume of a release${unless}`, { timeout }, () => {
  let scene: Scene;
  let folder: string;
  beforeAll(async () => {
    scene = await aScene("faults-volume", { release: await theRelease(), maxRunning: 2 });
    folder = join(layout.volumes, volumeOf(scene));
    await withoutApi(scene, async () => {
      await command(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
      chmodSync(folder, 0o770);
    });
  }, timeout);
  afterAll(async () => {
    await withoutApi(scene, async () => {
      await eventually("the volume is let go", async () => ((await succeeds(["umount", folder])) ? true : undefined));
    });
    await scene.leave();
    await scene.release.leave();
  }, timeout);

  it("is full: uploads are refused with advice, and a trainer waits until there is room", async () => {
    await scene.submit("waiting");
    let stored = 0;
    await eventually("the volume is full", async () => {
      const { status } = await put(scene, 500_000);
      if (status === 201) stored += 1;
      return status === 507 ? true : undefined;
    });
    const { detail } = (await (await put(scene, 500_000)).json()) as { detail: string };
    expect(detail).toMatch(/full.*[Ee]nlarge/);
    expect(await datasetsOf(scene)).toHaveLength(stored);

    expect(await killContainer(await scene.release.pod("api"))).toBeGreaterThan(0);
    await eventually("the API is back", async () => {
      // It may die with the request.
      const answer = await put(scene, 500_000).catch(() => undefined);
      return answer?.status === 507 ? true : undefined;
    });
    await clock.sleep(5_000);
    expect((await scene.task("waiting")).status).toMatchObject({ state: "Running", attempt: 1 });

    await command(["mount", "-o", "remount,size=512m", folder]);
    expect((await put(scene, 500_000)).status).toBe(201);
    expect((await scene.untilTrained("waiting")).status?.attempt).toBe(1);
    expect(scene.onlooker.lives("waiting")).toHaveLength(1);
  });
});

function volumeOf({ release }: Scene): string {
  const claim = ["--namespace", release.namespace, "-o", "jsonpath={.items[0].spec.volumeName}"];
  return release.kubectl("get", "persistentvolumeclaim", ...claim);
}

/** Nobody uses the volume while this is done. */
async function withoutApi({ release }: Scene, act: () => Promise<void>): Promise<void> {
  const scale = (replicas: number): string =>
    release.kubectl("scale", `--replicas=${replicas}`, "deployment/traintask-api", "--namespace", release.namespace);
  const ofApi = ["--namespace", release.namespace, "--selector", "app.kubernetes.io/component=api", "-o", "name"];
  scale(0);
  try {
    await eventually("the API is gone", () => (release.kubectl("get", "pods", ...ofApi) === "" ? true : undefined));
    await act();
  } finally {
    scale(1);
  }
  await release.pod("api");
}

/** Uploads a table of so many bytes; another one each time, for the same one is there already. */
function put({ release, namespace, token }: Scene, bytes: number): Promise<Response> {
  const row = `${clock.random()},1\n`;
  const body = `x,y\n${row.repeat(Math.ceil(bytes / row.length))}`;
  const init = { method: "PUT", body, headers: { "content-type": "text/csv" } };
  return release.call(`/v1/datasets?namespace=${namespace}`, init, { token });
}

async function datasetsOf({ release, namespace, token }: Scene): Promise<unknown> {
  const answer = await release.call(`/v1/datasets?namespace=${namespace}`, {}, { token });
  return ((await answer.json()) as { items: unknown }).items;
}
