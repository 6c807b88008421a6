/** What we need of a logger: a constant message, key-value pairs, two levels. pino's loggers are such. */
export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLog: Log = { info: () => undefined, error: () => undefined };
