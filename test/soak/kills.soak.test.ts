/** `npm run test:cluster -- --soak`: a thousand deaths. */
import { killing } from "./killing.ts";

killing({ kills: 1000, seed: 2, operatorEvery: 100, timeoutMs: 3_600_000 });
