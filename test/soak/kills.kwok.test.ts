/** The short variant of the soak. */
import { killing } from "./killing.ts";

killing({ kills: 50, seed: 1, operatorEvery: 25, timeoutMs: 600_000 });
