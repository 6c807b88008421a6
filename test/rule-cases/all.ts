/** Every rule's cases, by resource. */
import { containerCases } from "./container.ts";
import { laterCases } from "./later.ts";
import { partCases } from "./parts.ts";
import { searchCases } from "./search.ts";
import { wholeTaskCases } from "./task.ts";

export { queueCases } from "./queue.ts";
export const taskCases = { ...wholeTaskCases, ...partCases, ...searchCases, ...containerCases, ...laterCases };
