/**
 * Seeded random numbers by 32-bit integer arithmetic alone, so that every machine draws the same ones.
 * A generator is named by a seed and the indices of what it is for: tree 7 draws from `random(seed, 7)` whichever
 * trees were grown before it. The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators", 2021); its 128 bits of state are four MurmurHash3 (Appleby, x86 32-bit) hashes of the name.
 */

export interface Random {
  /** The next 32 bits, as an integer from 0 to 2^32-1. */
  uint32(): number;
  /** A uniform integer from 0 to n-1, without bias. n is an integer from 1 to 2^32. */
  below(n: number): number;
  /** A uniform multiple of 2^-53 in [0, 1). */
  uniform(): number;
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** MurmurHash3 x86 32-bit over whole words. */
function murmur3(words: readonly number[], seed: number): number {
  let h = seed;
  for (const word of words) {
    h ^= Math.imul(rotl(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotl(h, 13), 5) + 0xe6546b64) | 0;
  }
  h ^= words.length * 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

class Xoshiro128 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(words: readonly number[]) {
    this.#a = murmur3(words, 1);
    this.#b = murmur3(words, 2);
    this.#c = murmur3(words, 3);
    this.#d = murmur3(words, 4);
    // The all-zero state is the one from which nothing but zero comes.
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  uint32(): number {
    const result = Math.imul(rotl(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotl(this.#d, 11);
    return result;
  }

  below(n: number): number {
    // 2^32 mod n values at the top would make small results likelier: draw again.
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    let x = this.uint32();
    while (x >= limit) x = this.uint32();
    return x % n;
  }

  uniform(): number {
    return ((this.uint32() >>> 5) * 0x400_0000 + (this.uint32() >>> 6)) / 2 ** 53;
  }
}

/**
 * The generator named by `seed` and `indices`; other names give unrelated generators.
 * @param seed an integer from 0 to 2^53-1
 * @param indices integers from 0 to 2^53-1: what the numbers are for, e.g. a stream's number and a tree's index
 */
export function random(seed: number, ...indices: readonly number[]): Random {
  return new Xoshiro128([seed, ...indices].flatMap((index) => [index | 0, Math.floor(index / 0x1_0000_0000)]));
}
