/**
 * The Python that ours is measured against: scikit-learn, LightGBM, XGBoost and pandas of fixed versions, in a virtual
 * environment that is made on first use, and made complete when requirements.txt has changed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const here = import.meta.dirname;
const folder = path.resolve(here, "../../../.cache/venv");
const python = path.join(folder, "bin/python");

export class NoPythonError extends Error {}

/** Installs what is missing. @throws NoPythonError where there is no python3 with venv, or no package index */
function prepare(): void {
  const wanted = readFileSync(path.join(here, "requirements.txt"), "utf8");
  const stamp = path.join(folder, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  try {
    if (!existsSync(python))
      execFileSync("python3", ["-m", "venv", folder], { stdio: ["ignore", "ignore", "inherit"] });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    execFileSync(python, [...install, "-r", path.join(here, "requirements.txt")], { stdio: "inherit" });
  } catch (cause) {
    throw new NoPythonError("python3 with venv and pip, and the packages of requirements.txt, are not to be had", {
      cause,
    });
  }
  writeFileSync(stamp, wanted);
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
  prepare();
  return JSON.parse(
    execFileSync(python, [path.join(here, script), JSON.stringify(task)], {
      encoding: "utf8",
      env: environment(threads),
      stdio: ["ignore", "pipe", "inherit"],
    }),
  ) as T;
}
