/**
 * A list of numbers that grows in chunks, so that growing copies nothing and holds no more than it needs. At the end the
 * chunks become one array, each being given back as soon as it is copied: never are there two copies of a column.
 */

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Small at first, for tables of many columns and few rows. */
const firstLength = 1024;
/** So large that the allocator gives each of them back to the system. */
const lastLength = 65_536;

export class Growing<Kind extends Numbers> {
  readonly #make: (length: number) => Kind;
  #full: Kind[] = [];
  #chunk: Kind;
  #used = 0;
  #length = 0;

  /** @param make an array of so many zeros */
  constructor(make: (length: number) => Kind) {
    this.#make = make;
    this.#chunk = make(firstLength);
  }

  push(value: number): void {
    if (this.#used === this.#chunk.length) this.#grow();
    this.#chunk[this.#used++] = value;
  }

  /** All of them. The list is empty then. */
  finish(): Kind {
    this.#full.push(this.#chunk);
    const all = this.#make(this.#length + this.#used);
    let at = 0;
    for (const chunk of this.#full) {
      const part = chunk.subarray(0, all.length - at);
      all.set(part, at);
      at += part.length;
      chunk.buffer.transfer(0);
    }
    this.#full = [];
    this.#chunk = this.#make(firstLength);
    [this.#used, this.#length] = [0, 0];
    return all;
  }

  #grow(): void {
    this.#full.push(this.#chunk);
    this.#length += this.#used;
    this.#chunk = this.#make(Math.min(lastLength, 2 * this.#used));
    this.#used = 0;
  }
}
