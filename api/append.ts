/** Appends a chunk to a part of a task's artifacts, and says to its sender what is wrong with it. */
import type { Api } from "./api.ts";
import { OffsetError } from "./artifacts/store.ts";
import type { Chunk, Part, PartState } from "./artifacts/store.ts";
import { Problem } from "./problem.ts";

/** @throws Problem 409 with the part's true length when the chunk does not fit */
export async function append(api: Pick<Api, "artifacts">, part: Part, chunk: Chunk): Promise<PartState> {
  try {
    return await api.artifacts.append(part, chunk);
  } catch (cause) {
    if (!(cause instanceof OffsetError)) throw cause;
    throw new Problem({
      status: 409,
      detail: `The chunk does not fit: ${cause.message}.`,
      extra: { length: cause.length },
      cause,
    });
  }
}
