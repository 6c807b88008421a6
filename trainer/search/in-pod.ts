/** A search in a training pod: what main.ts loads where one is asked for, and no other pod needs. */
import { runSearch, type SearchPod } from "./run.ts";
import { processSearcher } from "./searcher.ts";

/** Like runSearch, with processes of its own, which end with it. */
export async function searchInPod(
  pod: Omit<SearchPod, "searcher">,
  ...asked: Parameters<typeof processSearcher>
): Promise<void> {
  using searcher = processSearcher(...asked);
  await runSearch({ ...pod, searcher });
}
