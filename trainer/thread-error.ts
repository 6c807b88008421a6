/** Errors as plain values, to cross from the worker thread: a structured clone would lose their classes. */
import { DataError, type DataPosition } from "../data/error.ts";
import { ConfigurationError, OutOfMemoryError, StoppedError, TemporaryError } from "./errors.ts";

export type EncodedError =
  | { readonly name: "DataError"; readonly message: string; readonly position: DataPosition }
  | { readonly name: "ConfigurationError"; readonly message: string; readonly advice?: string }
  | { readonly name: "TemporaryError" | "OutOfMemoryError" | "StoppedError"; readonly message: string }
  | { readonly name: "Error"; readonly message: string; readonly stack?: string };

export function encodeError(error: unknown): EncodedError {
  if (error instanceof DataError) return { name: "DataError", message: error.message, position: error.position };
  if (error instanceof ConfigurationError) {
    const { message, advice } = error;
    return { name: "ConfigurationError", message, ...(advice === undefined ? {} : { advice }) };
  }
  if (error instanceof TemporaryError) return { name: "TemporaryError", message: error.message };
  // A thread may have threads of its own.
  if (error instanceof OutOfMemoryError || error instanceof StoppedError) {
    return { name: error.name, message: error.message };
  }
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { name: "Error", message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}

export function decodeError(error: EncodedError): Error {
  switch (error.name) {
    case "DataError":
      return DataError.restored(error.message, error.position);
    case "ConfigurationError":
      return new ConfigurationError(error.message, error.advice === undefined ? {} : { advice: error.advice });
    case "TemporaryError":
      return new TemporaryError(error.message);
    case "OutOfMemoryError":
      return new OutOfMemoryError(error.message);
    case "StoppedError":
      return new StoppedError(error.message);
    case "Error":
      return Object.assign(new Error(error.message), error.stack === undefined ? {} : { stack: error.stack });
  }
}
