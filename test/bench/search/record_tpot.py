"""Records TPOT 0.12.2 on the Flask program's task and on eight data sets, for the bench `search`. Takes an hour and more on a quiet machine.

    npm run bench -- search --record      makes .cache/tpot, and calls
    .cache/tpot/bin/python test/bench/search/record_tpot.py

Each search is a process of its own, one after the other. What is recorded in tpot.json already is left alone: delete it to begin anew,
or call the script again after it was ended. Before each search it waits until the machine has little else to do: TPOT's limits are wall
time. `record_tpot.py measure case` measures one case, as JSON, and records nothing.
"""

import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version

# One thread, as ours has for each trial.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
sys.dont_write_bytecode = True

import numpy as np

import data

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "tpot.json")
FLASK_SEEDS = [42, 43, 44]
#: A pipeline that takes longer is given up; ours has the same limit.
MAX_EVAL_MINUTES = 1
#: Load average, of cores.
MAX_LOAD = 1.5


def cases():
    """Small data first."""
    yield from ({"name": "flask", "seed": seed, "generations": 10} for seed in FLASK_SEEDS)
    for name in sorted(data.NAMES, key=lambda name: data.load(name)[0].size):
        yield from ({"name": name, "split": split, "seed": split, "generations": 5, "digest": data.digest(name, split)} for split in range(data.SPLITS))


def search(case):
    """In this process. Prints what TPOT found as JSON."""
    from tpot import TPOTClassifier, TPOTRegressor

    flask = case["name"] == "flask"
    if flask:
        X, y = data.rows_of(os.path.join(HERE, "flask.csv"))
    else:
        X, held, y, truth = data.parts(case["name"], case["split"])
    classes = case["name"] in data.CLASSES
    kind = TPOTClassifier if classes else TPOTRegressor
    options = {"generations": case["generations"], "population_size": 20, "cv": 5, "random_state": case["seed"], "n_jobs": 1}
    tpot = kind(**options, max_eval_time_mins=MAX_EVAL_MINUTES, verbosity=0, disable_update_check=True).fit(X, y)
    scores = [found["internal_cv_score"] for found in tpot.evaluated_individuals_.values()]
    found = {"evaluations": len(scores), "failed": int(np.isinf(scores).sum()), "cv": float(tpot._optimized_pipeline_score)}
    if not flask:
        answers = tpot.predict(held)
        # Accuracy, or R2.
        found["score"] = float(np.mean(answers == truth) if classes else 1 - np.sum((truth - answers) ** 2) / np.sum((truth - truth.mean()) ** 2))
    print(json.dumps({**found, "pipeline": str(tpot._optimized_pipeline)}))


def measured(case):
    """One search as a process, with what it used."""
    load, began = os.getloadavg()[0], time.monotonic()
    run = subprocess.Popen([sys.executable, "-W", "ignore", __file__, "search", json.dumps(case)], stdout=subprocess.PIPE, text=True)
    printed = run.stdout.read()
    _, status, used = os.wait4(run.pid, 0)
    if status != 0:
        raise SystemExit(f"TPOT ended with {os.waitstatus_to_exitcode(status)} on {case}")
    return {
        **case,
        **json.loads(printed.splitlines()[-1]),
        "cpuSeconds": round(used.ru_utime + used.ru_stime, 2),
        "wallSeconds": round(time.monotonic() - began, 2),
        "peakBytes": used.ru_maxrss * 1024,
        "load": [round(load, 2), round(os.getloadavg()[0], 2)],
    }


def record():
    if os.path.exists(FILE):
        with open(FILE) as opened:
            result = json.load(opened)
    else:
        names = ("tpot", "scikit-learn", "numpy", "deap", "scipy")
        versions = {"python": platform.python_version(), **{name: version(name) for name in names}}
        result = {"versions": versions, "searches": []}
    done = [{key: one.get(key) for key in ("name", "seed", "split")} for one in result["searches"]]
    for case in cases():
        if {key: case.get(key) for key in ("name", "seed", "split")} in done:
            continue
        while os.getloadavg()[0] > MAX_LOAD * os.cpu_count():
            time.sleep(5)
        result["searches"].append(measured(case))
        with open(f"{FILE}.unfinished", "w") as opened:
            json.dump(result, opened, indent=1)
            opened.write("\n")
        os.rename(f"{FILE}.unfinished", FILE)
        print(json.dumps(result["searches"][-1]), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        record()
    elif sys.argv[1] == "search":
        search(json.loads(sys.argv[2]))
    else:
        print(json.dumps(measured(json.loads(sys.argv[2]))))
