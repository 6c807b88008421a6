/** What is wrong with a model file, said to the person who has it. */

export class ModelFormatError extends Error {
  /** 1-based line of the file (of the part, in a merge); undefined where no single line is at fault. */
  readonly line: number | undefined;

  constructor(message: string, options: { line?: number; cause?: unknown } = {}) {
    super(options.line === undefined ? message : `line ${options.line}: ${message}`, { cause: options.cause });
    this.name = "ModelFormatError";
    this.line = options.line;
  }
}

/** A complaint about a line whose number the one who called knows. */
export class LineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LineError";
  }
}
