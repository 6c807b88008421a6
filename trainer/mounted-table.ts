/**
 * The table of a ConfigMap or a volume, as a file in the pod. What is wrong with it is said by the name that the task
 * gives it, never by a path of the pod. A link may lead to another file of the volume but not out of it: who may write
 * to a volume must not learn through error messages what else the pod has, such as its token.
 */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../data/error.ts";
import type { DatasetSpec } from "../traintask/dataset.ts";
import { TemporaryError } from "./errors.ts";
import { sourceName } from "./source-name.ts";

/** Four times the default of a stream, with which a whole table takes a tenth more time. */
export const pieceBytes = 1 << 18;

/** Bytes of the file. @throws DataError naming the source when there is no such file, or none that can be read */
export async function* mountedTable(file: string, dataset: DatasetSpec): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(await regularFile(file, dataset), { highWaterMark: pieceBytes }))
      yield chunk as Uint8Array;
  } catch (error) {
    throw error instanceof DataError ? error : asNamed(error as NodeJS.ErrnoException, dataset);
  }
}

/** Opening what is no regular file, a pipe for one, could wait for ever. */
async function regularFile(file: string, dataset: DatasetSpec): Promise<string> {
  const [found, mount] = [await realpath(file), await realpath(mountOf(file, dataset))];
  if (!found.startsWith(mount + path.sep)) throw new DataError(`The ${sourceName(dataset)} leads out of the volume.`);
  const kind = await stat(found);
  if (kind.isFile()) return found;
  throw new DataError(`The ${sourceName(dataset)} is ${kind.isDirectory() ? "a directory" : "no regular file"}.`);
}

/** The directory that the source is mounted at: the file's path in it is known. */
function mountOf(file: string, { volume }: DatasetSpec): string {
  return path.resolve(file, ...(volume?.path ?? "key").split("/").map(() => ".."));
}

const notThere = ["ENOENT", "ENOTDIR"];
const notReadable = ["EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"];

function asNamed(cause: NodeJS.ErrnoException, dataset: DatasetSpec): Error {
  const source = sourceName(dataset);
  if (notThere.includes(cause.code ?? "")) return new DataError(missing(dataset), {}, { cause });
  if (!notReadable.includes(cause.code ?? "")) {
    return new TemporaryError(`The ${source} cannot be read now: ${cause.message}.`, { cause });
  }
  const user = process.geteuid?.() ?? "of the pod";
  return new DataError(`The ${source} may not be read by user ${user} (${cause.code}).`, {}, { cause });
}

function missing(dataset: DatasetSpec): string {
  if (dataset.configMap === undefined) return `The ${sourceName(dataset)} is not there.`;
  const { name, key } = dataset.configMap;
  return `There is no ConfigMap "${name}" with the key "${key}" in the task's namespace.`;
}
