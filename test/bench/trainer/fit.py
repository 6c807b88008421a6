"""One fit of scikit-learn, LightGBM or XGBoost, for growing.ts, after a small one that warms the process. Prints the CPU seconds
of the fit, those of the process until then, and the score on held-out rows."""

import json
import sys
import time

import numpy as np

task = json.loads(sys.argv[1])
rows, columns, rounds = task["rows"], task["columns"], task["rounds"]
table = np.fromfile(task["file"]).reshape(columns + 1, rows + task["heldOut"])
X, y = np.ascontiguousarray(table[:-1, :rows].T), table[-1, :rows].copy()
held, truth = np.ascontiguousarray(table[:-1, rows:].T), table[-1, rows:]
regression = task["problem"] == "regression"


def forest():
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestRegressor if regression else RandomForestClassifier
    features = None if task["maxFeatures"] == "all" else task["maxFeatures"]
    options = {"n_estimators": rounds, "max_features": features, "random_state": 0, "n_jobs": task.get("threads", 1)}
    return lambda X, y: kind(**options).fit(X, y)


def histGradientBoosting():
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    return lambda X, y: kind(max_iter=rounds, max_leaf_nodes=31, max_bins=255, early_stopping=False).fit(X, y)


def lightGBM():
    import lightgbm

    options = {"num_threads": 1, "force_col_wise": True, "min_data_in_leaf": 20, "max_bin": 255, "num_leaves": 31, "verbose": -1}
    options["objective"] = "regression" if regression else "binary"
    return lambda X, y: lightgbm.train(options, lightgbm.Dataset(X, y, params=options), num_boost_round=rounds)


def xgBoost():
    import xgboost

    kind = xgboost.XGBRegressor if regression else xgboost.XGBClassifier
    options = {"tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0, "max_bin": 256, "learning_rate": 0.1}
    return lambda X, y: kind(n_estimators=rounds, n_jobs=1, **options).fit(X, y)


def score(model):
    predicted = model.predict(held)
    if regression:
        return 1 - np.sum((predicted - truth) ** 2) / np.sum((truth - truth.mean()) ** 2)
    # LightGBM's own predict answers probabilities, the others classes.
    return np.mean((predicted > 0.5) == truth)


fit = {"forest": forest, "LightGBM": lightGBM, "HistGradientBoosting": histGradientBoosting, "XGBoost": xgBoost}[task["trainer"]]()
fit(X[:100], y[:100])
before = time.process_time()
model = fit(X, y)
after = time.process_time()
if "model" in task:
    import joblib

    joblib.dump(model, task["model"], compress=task["compress"])
print(json.dumps({"cpuSeconds": after - before, "processCpuSeconds": after, "score": float(score(model))}))
