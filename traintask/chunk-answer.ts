/** Answer to a stored chunk. 409 carries the true `length` in the problem document's `length` member. */
import * as z from "zod";

export const chunkAnswerSchema = z.object({
  length: z.int().min(0).describe("Length of the stream in bytes after this chunk"),
  open: z.array(z.int().min(0)).describe("Shards whose part of this stream is not done yet"),
});
export type ChunkAnswer = z.infer<typeof chunkAnswerSchema>;
