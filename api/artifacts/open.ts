/** Where the API keeps what it keeps: in a directory or in a bucket, as the settings say. */
import path from "node:path";
import type { ApiSettings } from "../settings.ts";
import { directoryObjects } from "./directory-objects.ts";
import type { Objects } from "./objects.ts";
import { s3Objects } from "./s3-objects.ts";

/** @throws UnsuitableStoreError when it cannot be used as it is */
export async function openObjects({ dataDir = "", s3 }: ApiSettings, now: number): Promise<Objects> {
  return s3 === undefined ? directoryObjects(path.join(dataDir, "artifacts"), now) : s3Objects(s3);
}
