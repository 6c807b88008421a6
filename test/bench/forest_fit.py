"""One fit of scikit-learn's forest, for forest.ts: reads a table, prints the CPU seconds of the fit and the out-of-bag score."""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

file, rows, columns, problem, max_features, trees = sys.argv[1:]
table = np.fromfile(file).reshape(int(columns) + 1, int(rows))
X, y = np.ascontiguousarray(table[:-1].T), table[-1]
kind = RandomForestRegressor if problem == "regression" else RandomForestClassifier


def forest(**options):
    return kind(n_estimators=int(trees), max_features=None if max_features == "all" else max_features, random_state=0, n_jobs=1, **options)


forest().fit(X[:100], y[:100])
before = time.process_time()
forest().fit(X, y)
seconds = time.process_time() - before
print(json.dumps({"cpuSeconds": seconds, "score": forest(oob_score=True).fit(X, y).oob_score_}))
