/** One request that must be refused, and how. */
import type { CallOptions } from "../api/stack.ts";

export interface BadInput extends CallOptions {
  /** Method and path. */
  readonly what: string;
  readonly status: number;
  /** Found in the problem document: the pointer, parameter, header, row or sentence that says what is wrong. */
  readonly names: string;
}
