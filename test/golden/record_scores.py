"""Records scikit-learn's out-of-bag scores and importances on real data, over seeds, for trainer/forest/scores.test.ts.

    .cache/venv/bin/python test/golden/record_scores.py > test/golden/scores.json

The data are Fisher's iris and the diabetes data of Efron et al. (unscaled), as scikit-learn ships them.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

SEEDS = 20
TREES = 100


def over_seeds(kind, data, **options):
    fits = [kind(TREES, bootstrap=True, oob_score=True, random_state=seed, **options).fit(data.data, data.target) for seed in range(SEEDS)]
    scores = [fit.oob_score_ for fit in fits]
    importances = np.array([fit.feature_importances_ for fit in fits])
    return {
        "score": {"mean": np.mean(scores), "deviation": np.std(scores, ddof=1)},
        "importances": [{"mean": m, "deviation": d} for m, d in zip(importances.mean(axis=0), importances.std(axis=0, ddof=1))],
    }


def held_out(kind, data, **options):
    """Mean scores on the rows trained on, and on every third row, which are not."""
    test = np.arange(len(data.target)) % 3 == 0
    fits = [kind(TREES, random_state=seed, **options).fit(data.data[~test], data.target[~test]) for seed in range(SEEDS)]
    return {
        "training": np.mean([fit.score(data.data[~test], data.target[~test]) for fit in fits]),
        "heldOut": np.mean([fit.score(data.data[test], data.target[test]) for fit in fits]),
    }


def record(forest, extra, data, **options):
    """Of random forests, and of extremely randomised trees."""
    return {
        "columns": data.data.T.tolist(),
        "target": data.target.tolist(),
        "trees": TREES,
        "best": {**over_seeds(forest, data, **options), **held_out(forest, data, **options)},
        "random": {**over_seeds(extra, data, **options), **held_out(extra, data, **options)},
    }


result = {
    "scikit-learn": sklearn.__version__,
    "seeds": SEEDS,
    "iris": record(RandomForestClassifier, ExtraTreesClassifier, load_iris(), max_features="sqrt"),
    "diabetes": record(RandomForestRegressor, ExtraTreesRegressor, load_diabetes(scaled=False), max_features=None),
}
json.dump(result, sys.stdout, allow_nan=False)
