/** A promise that nobody may come to wait for: its rejection is then of no interest. */
export function unobserved<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
