/** Finds bytes that are not UTF-8, which would otherwise silently turn labels into replacement characters. */
import { isUtf8 } from "node:buffer";

const lineFeed = 0x0a;

export class Utf8Check {
  /** The last character, which may be cut off. */
  #held: Uint8Array = new Uint8Array(0);

  /** How many bytes of the next chunk stand before the first character that is wrong; all of them if none is. */
  add(chunk: Uint8Array): number {
    const held = this.#held.length;
    const bytes = held === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const whole = lastBoundary(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return Math.max(0, validLength(bytes) - held);
    this.#held = bytes.slice(whole);
    return chunk.length;
  }

  /** Whether the last character was whole. */
  end(): boolean {
    return isUtf8(this.#held);
  }
}

/** Where the first wrong character of bytes begins that are not valid as a whole. */
function validLength(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(lineFeed, at) + 1;
    if (lineEnd === 0 || !isUtf8(bytes.subarray(at, lineEnd))) break;
    at = lineEnd;
  }
  for (;;) {
    const width = widthOf(bytes[at]!);
    if (!isUtf8(bytes.subarray(at, at + width))) return at;
    at += width;
  }
}

/** How many bytes a character has that begins with this one. */
function widthOf(first: number): number {
  if (first < 0x80) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Where the last character that may be incomplete begins: at most 3 bytes before the end. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return bytes.length - back;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
