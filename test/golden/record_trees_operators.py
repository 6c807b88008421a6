"""Records scikit-learn's trees and ensembles for trainer/operators/trees/golden.test.ts and scores.test.ts.

    .cache/venv/bin/python test/golden/record_trees_operators.py > test/golden/trees_operators.json

Each fourth row is held out. `wide` has more columns than rows, made up; the others are real data as scikit-learn ships them. Numbers of the
tables are rounded, so that they are short.

`answers`: what is fitted has no ties, so there is one right answer. scikit-learn draws lots among splits that are equally good: where its
answers depend on the seed, or on the order of the columns, the case is left out.

`scores`: what is random, on held-out rows, over 20 seeds: R2 or accuracy; and the importances by which selectors choose.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_selection import RFE
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.simplefilter("ignore")

SEEDS = 20
TREES = 40

def tables():
    wine, cancer, diabetes = load_wine(), load_breast_cancer(), load_diabetes(scaled=False)
    rng = np.random.RandomState(7)
    wide = rng.normal(size=(40, 60))
    made = {
        "iris": (load_iris().data, load_iris().target, "classes"),
        "wine": (wine.data, wine.target, "classes"),
        "cancer": (cancer.data[1::5, :12], cancer.target[1::5], "classes"),
        "diabetes": (diabetes.data[::3], diabetes.target[::3], "values"),
        "alcohol": (wine.data[:, 1:], wine.data[:, 0], "values"),
        "wide": (wide, wide[:, :3].sum(axis=1) + rng.normal(size=40) / 4, "values"),
    }

    def short(numbers):
        return [float(f"{x:.4g}") for x in np.ravel(numbers)]

    return {name: {"columns": x.shape[1], "x": short(x), kind: y.tolist() if kind == "classes" else short(y)} for name, (x, y, kind) in made.items()}


TABLES = tables()

CLASSES = {
    "decisionTree": DecisionTreeClassifier,
    "randomForest": RandomForestClassifier,
    "extraTrees": ExtraTreesClassifier,
    "gradientBoosting": GradientBoostingClassifier,
    "adaBoost": AdaBoostClassifier,
}
VALUES = {
    "decisionTree": DecisionTreeRegressor,
    "randomForest": RandomForestRegressor,
    "extraTrees": ExtraTreesRegressor,
    "gradientBoosting": GradientBoostingRegressor,
    "adaBoost": AdaBoostRegressor,
}
NAMES = {
    "nEstimators": "n_estimators",
    "maxDepth": "max_depth",
    "minSamplesSplit": "min_samples_split",
    "minSamplesLeaf": "min_samples_leaf",
    "maxFeatures": "max_features",
    "learningRate": "learning_rate",
}


def model(operator, kind, parameters, seed):
    of = CLASSES if kind == "classes" else VALUES
    return of[operator](random_state=seed, **{NAMES.get(name, name): value for name, value in parameters.items()})


def split(name):
    table = TABLES[name]
    x = np.array(table["x"]).reshape(-1, table["columns"])
    kind = "classes" if "classes" in table else "values"
    y = np.array(table[kind])
    held = np.arange(len(x)) % 4 == 3
    return (x[~held], y[~held]), (x[held], y[held]), kind


def answers(operator, name, parameters):
    (x, y), (test, _), kind = split(name)

    def of(seed, order):
        fitted = model(operator, kind, parameters, seed).fit(x[:, order], y)
        return fitted.predict_proba(test[:, order]) if kind == "classes" else fitted.predict(test[:, order])

    columns = np.arange(x.shape[1])
    first = of(0, columns)
    for seed in range(1, 6):
        if not np.allclose(of(seed, columns if seed % 2 else columns[::-1]), first, rtol=1e-9, atol=1e-12):
            print("ties:", operator, name, parameters, file=sys.stderr)
            return []
    return [{"operator": operator, "parameters": parameters, "table": name, "outputs": [float(f"{v:.10g}") for v in first.ravel()]}]


def deterministic():
    for name in TABLES:
        for depth, leaf in [(1, 1), (2, 3), (3, 5), (4, 8)]:
            yield from answers("decisionTree", name, {"maxDepth": depth, "minSamplesSplit": 2, "minSamplesLeaf": leaf})
        if split(name)[2] == "classes":
            yield from answers("decisionTree", name, {"criterion": "entropy", "maxDepth": 3, "minSamplesSplit": 12, "minSamplesLeaf": 3})
            yield from answers("adaBoost", name, {"nEstimators": 8, "learningRate": 0.5})
            yield from answers("adaBoost", name, {"nEstimators": 3, "learningRate": 1})
        for depth, iterations in [(1, 6), (2, 4), (3, 3)]:
            whole = {"nEstimators": iterations, "learningRate": 0.5, "maxDepth": depth, "minSamplesSplit": 2, "minSamplesLeaf": 6}
            yield from answers("gradientBoosting", name, whole | {"subsample": 1, "maxFeatures": 1.0})


def summary(values):
    values = np.array(values, dtype=float)
    error = values.std(ddof=1) / np.sqrt(len(values))
    return {"mean": float(f"{values.mean():.6g}"), "error": float(f"{error:.6g}")}


def score(operator, name, parameters):
    (x, y), (test, truth), kind = split(name)
    found = [model(operator, kind, parameters, seed).fit(x, y).score(test, truth) for seed in range(SEEDS)]
    return {"operator": operator, "parameters": parameters, "table": name} | summary(found)


def random():
    forest = {"nEstimators": TREES, "maxFeatures": 0.35, "minSamplesSplit": 2, "minSamplesLeaf": 1}
    for name in ["diabetes", "wine", "cancer", "wide"]:
        for operator, bootstrap in [("randomForest", True), ("randomForest", False), ("extraTrees", False), ("extraTrees", True)]:
            yield score(operator, name, forest | {"bootstrap": bootstrap})
        yield score("extraTrees", name, forest | {"minSamplesSplit": 7, "minSamplesLeaf": 4, "bootstrap": False})
        boosting = {"nEstimators": TREES, "learningRate": 0.1, "maxDepth": 3, "minSamplesSplit": 4, "minSamplesLeaf": 2}
        yield score("gradientBoosting", name, boosting | {"subsample": 0.5, "maxFeatures": 0.35})
    for loss in ["linear", "square", "exponential"]:
        for name in ["diabetes", "alcohol", "wide"]:
            yield score("adaBoost", name, {"nEstimators": TREES, "learningRate": 0.5, "loss": loss})


def importances(name):
    (x, y), _, kind = split(name)
    options = {"nEstimators": 100, "maxFeatures": 0.35}
    found = np.array([model("extraTrees", kind, options, seed).fit(x, y).feature_importances_ for seed in range(SEEDS)])
    return {"table": name, "columns": [summary(column) for column in found.T]}


def eliminated(name):
    """How often each column is kept."""
    (x, y), _, kind = split(name)
    found = [
        RFE(model("extraTrees", kind, {"nEstimators": 100, "maxFeatures": 0.35}, seed), step=0.25).fit(x, y).support_
        for seed in range(SEEDS)
    ]
    return {"table": name, "kept": np.mean(found, axis=0).tolist()}


if __name__ == "__main__":
    result = {
        "scikit-learn": sklearn.__version__,
        "tables": TABLES,
        "answers": list(deterministic()),
        "scores": list(random()),
        "importances": [importances(name) for name in ["iris", "wine", "diabetes"]],
        "eliminated": [eliminated(name) for name in ["wine", "diabetes"]],
    }
    json.dump(result, sys.stdout, allow_nan=False)
