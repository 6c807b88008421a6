/**
 * An HTTP response's bytes as an async iterator. It reads from the socket only when asked (back-pressure), fails when
 * the body ends before its time, and its owner may fail it or give it up at any moment, even before the first read.
 */
import type { IncomingMessage } from "node:http";
import type { TransportError } from "./errors.ts";

type Result = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  resolve(result: Result): void;
  reject(error: TransportError): void;
}

export class ResponseBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #response: IncomingMessage;
  readonly #whenOver: () => void;
  #waiting: Waiting | undefined;
  #failure: TransportError | undefined;
  #over = false;

  /** `whenOver` is called once, however the body ends; `brokenOff` makes the error for one that ends early. */
  constructor(response: IncomingMessage, whenOver: () => void, brokenOff: (cause?: unknown) => TransportError) {
    this.#response = response;
    this.#whenOver = whenOver;
    response.on("readable", () => this.#deliver());
    response.on("end", () => this.#finish());
    response.on("error", (cause) => this.fail(brokenOff(cause)));
    response.on("close", () => (response.complete ? this.#finish() : this.fail(brokenOff())));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    const chunk = this.#over ? null : (this.#response.read() as Buffer | null);
    if (chunk !== null) return Promise.resolve({ value: chunk, done: false });
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#over) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Gives up the rest, and with it the connection. */
  return(): Promise<Result> {
    this.#response.destroy();
    this.#finish();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** Ends the body with this error, unless it is over. */
  fail(why: TransportError): void {
    if (this.#over) return;
    this.#failure = why;
    this.#settle()?.reject(why);
    this.#response.destroy();
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const chunk = this.#response.read() as Buffer | null;
    if (chunk === null) return;
    this.#waiting = undefined;
    waiting.resolve({ value: chunk, done: false });
  }

  #finish(): void {
    if (this.#over) return;
    this.#settle()?.resolve({ value: undefined, done: true });
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#over = true;
    this.#whenOver();
    return waiting;
  }
}
