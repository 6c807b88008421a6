/** What was computed and may be asked for again, within a bound of bytes: what was not asked for longest goes first. */

export class ByteCache<V> {
  readonly #maxBytes: number;
  /** In the order in which they were last asked for. */
  readonly #kept = new Map<string, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /** Takes the place of what the key had. What is larger than the whole bound is not kept. */
  put(key: string, value: V, bytes: number): void {
    this.#drop(key);
    if (bytes > this.#maxBytes) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const dropped = this.#kept.get(key);
    if (dropped === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= dropped.bytes;
  }
}
