/** Memories and kernels that work in them. */
import { assemble, type Kernel } from "./assemble.ts";

/** What is used of WebAssembly: the types of Node.js leave it out. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export interface Memory {
  /** Another one after it has grown: arrays on the one before have no length any more. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const pageBytes = 65_536;

/** A memory of zeros of at least so many bytes. Pages that nothing touches take no memory. */
export function memoryOf(bytes: number): Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
}

/** Makes it at least as large. @throws {RangeError} for what cannot be had */
export function growTo(memory: Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** @returns the kernels by their names */
export function kernelsOn<Kernels>(memory: Memory, kernels: readonly Kernel[]): Kernels {
  const module = new WebAssembly.Module(assemble(kernels));
  return new WebAssembly.Instance(module, { kernels: { memory } }).exports as Kernels;
}
