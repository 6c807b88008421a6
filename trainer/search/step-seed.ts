/**
 * The seed of one step of a pipeline: a function of the task's seed and of the text of the pipeline up to this step. So what
 * a step draws does not depend on which trial it belongs to, or on what follows it, and equal beginnings are equal.
 */
import { random } from "../../traintask/random.ts";

/** Names the numbers drawn here ("step" in ASCII) among all that are drawn with a task's seed. */
const stream = 0x73_74_65_70;

/** @returns an integer from 0 to 2^53-1 */
export function stepSeed(taskSeed: number, prefix: string): number {
  const generator = random(taskSeed, stream, ...Buffer.from(prefix));
  return (generator.uint32() >>> 11) * 2 ** 32 + generator.uint32();
}
