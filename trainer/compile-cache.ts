/** Where this process keeps what it has compiled, told to a process that is to know nothing else of the environment. */
import { getCompileCacheDir } from "node:module";
import path from "node:path";

export function compileCache(): { NODE_COMPILE_CACHE?: string } {
  // Of the folder in it that is for this version of Node.js.
  const ofVersion = getCompileCacheDir();
  return ofVersion === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(ofVersion) };
}
