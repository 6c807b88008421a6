/** Refuses bytes that are not UTF-8, which would otherwise silently turn labels into replacement characters. */
import { isUtf8 } from "node:buffer";
import { DataError } from "./error.ts";

/** A check to be called with each chunk in order, and once with nothing at the end. Throws DataError. */
export function utf8Check(): (chunk?: Uint8Array) => void {
  let held: Uint8Array = new Uint8Array(0);
  return (chunk) => {
    const bytes = chunk === undefined ? held : held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const whole = chunk === undefined ? bytes.length : lastBoundary(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) {
      throw new DataError("The data is not UTF-8 text. Save the table as CSV in UTF-8 and send it again.");
    }
    held = bytes.slice(whole);
  };
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
