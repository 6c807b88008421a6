/** What Helm's notes tell a person to type, as scripts for a shell: tests run the notes as they are printed. */

export interface Notes {
  /** Submit a task and wait; open a way to the API; download the model. */
  readonly steps: readonly [string, string, string];
  /** Removes what `helm uninstall` leaves. */
  readonly removal: string;
}

/** @param printed by `helm install` */
export function notesOf(printed: string): Notes {
  const paragraphs = printed.split(/\n{2,}/);
  const after = (beginning: string): string => {
    const commands = paragraphs.find((_, index) => paragraphs[index - 1]?.startsWith(beginning));
    if (commands === undefined) throw new Error(`the notes do not say "${beginning}":\n${printed}`);
    return commands;
  };
  return { steps: [after("1. "), after("2. "), after("3. ")], removal: after("`helm uninstall` leaves") };
}
