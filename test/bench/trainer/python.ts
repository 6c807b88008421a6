/**
 * The Python that ours is measured against: scikit-learn, LightGBM, XGBoost and pandas of fixed versions, in a virtual
 * environment that is made on first use, and made complete when requirements.txt has changed. TPOT, which needs older
 * versions, has an environment of its own.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const here = import.meta.dirname;

interface Environment {
  /** Its name in .cache. */
  readonly name: string;
  /** What is installed in it. */
  readonly requirements: string;
}
const ordinary: Environment = { name: "venv", requirements: path.join(here, "requirements.txt") };

export class NoPythonError extends Error {}

/** Installs what is missing. @returns its Python @throws NoPythonError where there is no python3 with venv, or no package index */
export function pythonOf({ name, requirements }: Environment): string {
  const folder = path.resolve(here, "../../../.cache", name);
  const python = path.join(folder, "bin/python");
  const wanted = readFileSync(requirements, "utf8");
  const stamp = path.join(folder, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  try {
    if (!existsSync(python))
      execFileSync("python3", ["-m", "venv", folder], { stdio: ["ignore", "ignore", "inherit"] });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    execFileSync(python, [...install, "-r", requirements], { stdio: "inherit" });
  } catch (cause) {
    throw new NoPythonError("python3 with venv and pip, and the packages of requirements.txt, are not to be had", {
      cause,
    });
  }
  writeFileSync(stamp, wanted);
  return python;
}

/**
 * One thread, as ours has. A choice of OpenBLAS's kernels by the environment (a cure for old builds of it) is taken
 * out whole: half of it would be worse than none.
 */
function environment(threads: number): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env;
  return { ...rest, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
}

/** Runs a script of this folder in a new process. @returns what it prints, as JSON */
export function runPython<T>(script: string, task: object, { threads = 1 } = {}): T {
  return JSON.parse(
    execFileSync(pythonOf(ordinary), [path.join(here, script), JSON.stringify(task)], {
      encoding: "utf8",
      env: environment(threads),
      stdio: ["ignore", "pipe", "inherit"],
    }),
  ) as T;
}
