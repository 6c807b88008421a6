/** The simple JSON paths of printer columns: `.status.state`, `.metadata.labels['a.b/c']`, `.spec.rows[0].name`. */
import { isObject } from "../admission/structure.ts";

const step = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]/y;

/**
 * @returns a function that reads the path, undefined where there is nothing
 * @throws Error for a path with wildcards or filters, which no column of ours has
 */
export function compileJsonPath(path: string): (object: unknown) => unknown {
  const steps: string[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) throw new Error(`the JSON path ${path} is not supported here`);
    steps.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return (object) =>
    steps.reduce<unknown>((value, name) => {
      if (Array.isArray(value)) return value[Number(name)] as unknown;
      return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }, object);
}
