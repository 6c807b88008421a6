/** What endpoints work with. Each takes what it needs of it (`Pick<Api, "cache" | "client">`). */
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import type { ArtifactStore } from "./artifacts/store.ts";
import type { Access } from "./access/access.ts";
import type { ChunkNotices } from "./artifacts/notices.ts";
import type { Cache } from "./cache.ts";
import type { DatasetStore } from "./datasets/store.ts";
import type { Fence } from "./fence.ts";
import type { LiveProgress } from "./live-progress.ts";
import type { Predictors } from "./predict/predictors.ts";
import type { Sealing } from "./sealing/loop.ts";
import type { ApiSettings } from "./settings.ts";

export interface Api {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ApiSettings;
  readonly access: Access;
  readonly cache: Cache;
  readonly artifacts: ArtifactStore;
  readonly notices: ChunkNotices;
  readonly datasets: DatasetStore;
  readonly fence: Fence;
  readonly progress: LiveProgress;
  readonly predictors: Predictors;
  readonly sealing: Sealing;
  /** Aborts when the server stops: streams that would go on end then. */
  readonly signal: AbortSignal;
}
