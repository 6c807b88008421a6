/** The lines that a grower makes, in order, with some asked for ahead so that none of its threads waits. */
import type { Grower, Grown, Prepared } from "./grower.ts";
import { unobserved } from "./unobserved.ts";

/** Fewer lines than indices where early stopping ends the growth. */
export async function* grownLines(
  grower: Pick<Grower, "grow">,
  { indices, ahead }: Pick<Prepared, "indices" | "ahead">,
): AsyncGenerator<Grown, void> {
  const growing: Promise<Grown | undefined>[] = [];
  let next = 0;
  for (let place = 0; place < indices.length; place++) {
    while (growing.length < ahead && next < indices.length) growing.push(unobserved(grower.grow(indices[next++]!)));
    const grown = await growing.shift();
    if (grown === undefined) return;
    yield grown;
  }
}
