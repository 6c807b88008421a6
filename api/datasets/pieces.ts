/** Bytes as they come, gathered into pieces that are worth an object each. */

const pieceBytes = 4 << 20;

/** Each piece has this many bytes, but for the last, which has at least one. */
export async function* inPieces(source: AsyncIterable<Uint8Array>, bytes = pieceBytes): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    let rest = piece;
    while (heldBytes + rest.length >= bytes) {
      const taken = bytes - heldBytes;
      yield Buffer.concat([...held, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      held = [];
      heldBytes = 0;
    }
    if (rest.length === 0) continue;
    held.push(rest);
    heldBytes += rest.length;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
