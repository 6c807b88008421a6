/** The rows that a solver still works on: it passes over those that rest, until it wakes them all. */
export class Active {
  readonly #order: Int32Array;
  #count: number;

  constructor(length: number) {
    this.#order = Int32Array.from({ length }, (_, i) => i);
    this.#count = length;
  }

  get count(): number {
    return this.#count;
  }

  at(place: number): number {
    return this.#order[place]!;
  }

  shuffle(shuffle: (order: Int32Array) => void): void {
    shuffle(this.#order.subarray(0, this.#count));
  }

  /** Another one stands at `place` then. */
  rest(place: number): void {
    this.#count -= 1;
    const kept = this.#order[place]!;
    this.#order[place] = this.#order[this.#count]!;
    this.#order[this.#count] = kept;
  }

  /** @returns false where none was at rest */
  wake(): boolean {
    const resting = this.#count < this.#order.length;
    this.#count = this.#order.length;
    return resting;
  }
}
