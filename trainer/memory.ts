/** How much memory this process and those that it starts may have together, in bytes. */
import { totalmem } from "node:os";

/** The least of the machine's memory, the limit of the process's group as Linux keeps it, and what we are told. */
export function memoryLimit(told = Infinity): number {
  const constrained = process.constrainedMemory();
  return Math.min(told, totalmem(), constrained > 0 ? constrained : Infinity);
}
