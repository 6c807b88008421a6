/**
 * Fetching in order, the next ones already under way: a bucket answers many small questions at once no slower than one.
 * Bounded by bytes as well, so that large pieces are fetched one after the other and little is held in memory.
 */

const maxPieces = 16;
const maxBytes = 1 << 20;

/** What `fetch` makes of each of `source`, in order. */
export async function* ahead<T, R>(
  source: AsyncIterable<T>,
  sizeOf: (one: T) => number,
  fetch: (one: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: { readonly size: number; readonly result: Promise<R> }[] = [];
  let bytes = 0;
  for await (const one of source) {
    const size = sizeOf(one);
    for (let first = underWay[0]; first !== undefined; first = underWay[0]) {
      if (underWay.length < maxPieces && bytes + size <= maxBytes) break;
      underWay.shift();
      bytes -= first.size;
      yield await first.result;
    }
    const result = fetch(one);
    // Whoever asked may go away before its turn comes.
    result.catch(() => undefined);
    underWay.push({ size, result });
    bytes += size;
  }
  for (const { result } of underWay) yield await result;
}
