/**
 * A list of numbers that grows in place: its addresses are reserved at the beginning and given memory in steps, so that
 * growing copies nothing and holds next to nothing that it does not need. What it gives back goes to the system at once,
 * so never are there two copies of a table.
 */

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Reserved, not held. Columns of 100 million numbers end before it, and 10,000 columns fit into an address space. */
const maxBytes = 2 ** 30;
const firstBytes = 4096;
const latestBytes = 1024;
/** Twice as much each time, but no more than this. */
const longestStep = 2 ** 20;

export class Growing<Kind extends Numbers> {
  readonly #make: (buffer: ArrayBuffer) => Kind;
  readonly #buffer = new ArrayBuffer(firstBytes, { maxByteLength: maxBytes });
  readonly #numbers: Kind;
  /** The last few, until they are worth a look at the buffer's size. */
  readonly #latest: Kind;
  #pending = 0;
  #length = 0;

  /** @param make an array of numbers over a buffer */
  constructor(make: (buffer: ArrayBuffer) => Kind) {
    this.#make = make;
    this.#numbers = make(this.#buffer);
    this.#latest = make(new ArrayBuffer(latestBytes));
  }

  push(value: number): void {
    if (this.#pending === this.#latest.length) this.#flush();
    this.#latest[this.#pending++] = value;
  }

  /** Takes the numbers from `from` on, at every step. */
  pushEach(numbers: Float64Array, from: number, step: number): void {
    const latest = this.#latest;
    const room = latest.length;
    const end = numbers.length;
    let pending = this.#pending;
    for (let at = from; at < end; at += step) {
      if (pending === room) {
        this.#pending = pending;
        this.#flush();
        pending = 0;
      }
      latest[pending++] = numbers[at]!;
    }
    this.#pending = pending;
  }

  /** All of them, as an array of fixed length. The list is of no more use then. */
  finish(): Kind {
    this.#flush();
    this.#buffer.resize(this.#length * this.#numbers.BYTES_PER_ELEMENT);
    return this.#make(this.#buffer.transferToFixedLength());
  }

  #flush(): void {
    if (this.#length + this.#pending > this.#numbers.length) {
      const { byteLength } = this.#buffer;
      this.#buffer.resize(byteLength + Math.min(byteLength, longestStep));
    }
    this.#numbers.set(this.#latest.subarray(0, this.#pending), this.#length);
    this.#length += this.#pending;
    this.#pending = 0;
  }
}
