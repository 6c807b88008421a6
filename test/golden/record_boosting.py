"""Records scikit-learn's histogram boosting for trainer/boosting/golden.test.ts. Run once, and again only to add cases:

    python3 -m venv .cache/venv && .cache/venv/bin/pip install scikit-learn
    .cache/venv/bin/python test/golden/record_boosting.py > test/golden/boosting.json

`trees`: the data has no ties, so there is one right sequence of trees. Columns have at most 255 distinct values (every boundary is then
a bin edge of both) and leaves are kept large. A table has ties after all, and is skipped, if the trees of its negated and
reversed columns divide the rows otherwise.

`scores`: real data as scikit-learn ships them (the diabetes data of Efron et al., the breast cancer data of Wolberg et al., Fisher's iris). Each
fourth row is held out. Scores are R2 and the mean log loss.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, r2_score

from record import table, target

TREES = {"max_iter": 4, "max_leaf_nodes": 7, "min_samples_leaf": 12, "l2_regularization": 0.5, "early_stopping": False}
SCORES = {"max_iter": 60, "early_stopping": False}


def model_of(kind, **options):
    if kind in ["squaredError", "absoluteError"]:
        loss = {"squaredError": "squared_error", "absoluteError": "absolute_error"}[kind]
        return HistGradientBoostingRegressor(loss=loss, **options)
    return HistGradientBoostingClassifier(**options)


def data_of(kind, rng, rows, holes):
    values = table(rng, rows=rows, columns=5, holes=holes)
    return values, target(rng, values, "regression" if kind.endswith("Error") else kind, skewed=False)


def walk(nodes, row):
    at = 0
    while not nodes[at]["is_leaf"]:
        x = row[nodes[at]["feature_idx"]]
        left = nodes[at]["missing_go_to_left"] if np.isnan(x) else x <= nodes[at]["num_threshold"]
        at = nodes[at]["left" if left else "right"]
    return int(at)


def leaves(values, model):
    """By tree: the rows of each leaf."""
    found = []
    for trees in model._predictors:
        for tree in trees:
            of_row = np.array([walk(tree.nodes, row) for row in values])
            found.append({frozenset(np.flatnonzero(of_row == leaf)) for leaf in of_row})
    return found


def tree_of(nodes):
    return {
        "feature": [-1 if n["is_leaf"] else int(n["feature_idx"]) for n in nodes],
        # Of a leaf, and of a split that divides known from missing values (infinite there): null.
        "threshold": [None if n["is_leaf"] or not np.isfinite(n["num_threshold"]) else float(n["num_threshold"]) for n in nodes],
        "missingLeft": [bool(n["missing_go_to_left"]) for n in nodes],
        "value": [float(n["value"]) for n in nodes if n["is_leaf"]],
    }


def case(kind, holes, seed):
    rng = np.random.RandomState(seed)
    values, y = data_of(kind, rng, 250, holes)
    model = model_of(kind, **TREES).fit(values, y)
    mirrored = -values[:, ::-1]
    if leaves(values, model) != leaves(mirrored, model_of(kind, **TREES).fit(mirrored, y)):
        return None
    return {
        "kind": kind,
        "holes": holes,
        "columns": [[None if np.isnan(v) else float(v) for v in column] for column in values.T],
        "target": y.tolist(),
        "baseline": np.ravel(model._baseline_prediction).tolist(),
        "iterations": [[tree_of(tree.nodes) for tree in trees] for trees in model._predictors],
        "raw": model._raw_predict(values).T.tolist(),
    }


def cases():
    for kind in ["squaredError", "absoluteError", "two", "four"]:
        for holes in [0, 0.1]:
            found = [c for c in (case(kind, holes, seed) for seed in range(100)) if c is not None]
            print(kind, holes, len(found), "of 100 tables without ties", file=sys.stderr)
            yield from found[:1]


def score(kind, data):
    held_out = np.arange(len(data.target)) % 4 == 3
    model = model_of(kind, **SCORES).fit(data.data[~held_out], data.target[~held_out])

    def of(rows):
        if kind.endswith("Error"):
            return r2_score(data.target[rows], model.predict(data.data[rows]))
        return log_loss(data.target[rows], model.predict_proba(data.data[rows]))

    return {
        "kind": kind,
        "columns": data.data.T.tolist(),
        "target": data.target.tolist(),
        "train": of(~held_out),
        "heldOut": of(held_out),
    }


if __name__ == "__main__":
    diabetes = load_diabetes(scaled=False)
    result = {
        "scikit-learn": sklearn.__version__,
        "options": TREES,
        "scoreOptions": SCORES,
        "trees": list(cases()),
        "scores": {
            "diabetes, squared error": score("squaredError", diabetes),
            "diabetes, absolute error": score("absoluteError", diabetes),
            "breast cancer": score("two", load_breast_cancer()),
            "iris": score("three", load_iris()),
        },
    }
    json.dump(result, sys.stdout, allow_nan=False)
