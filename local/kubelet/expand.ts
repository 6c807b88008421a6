/**
 * `$(NAME)` in commands, arguments and environment values: replaced when the variable is known, left as it stands
 * when it is not; `$$` is a dollar sign, so `$$(NAME)` is the text "$(NAME)".
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(variables, name) ? (variables[name] ?? "") : whole;
  });
}
