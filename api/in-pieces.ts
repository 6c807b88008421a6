/** Lines of a few hundred bytes each, gathered into pieces that are worth a system call. */
const pieceLength = 65_536;

/** @param texts each with its line break */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}
