/** One guard of the code and the test that must fail when it is gone. `npm run test:guards` removes each in turn. */
export interface Guard {
  /** What the guard keeps from happening. */
  readonly name: string;
  readonly file: string;
  /** Text that occurs exactly once in the file, and what stands there when the guard is removed. */
  readonly find: string;
  readonly replace: string;
  /** Path of the test file that must then fail. */
  readonly test: string;
}
