"""Records scikit-learn's folds and scorers, for trainer/search/folds.test.ts and trainer/search/scorers.test.ts.

    .cache/venv/bin/python test/golden/record_search.py > test/golden/search.json

Folds are those without shuffling, as TPOT's are. Scorers are called as cross_val_score calls them, with a model that answers what was
recorded; probabilities are multiples of 1/16, so they have ties, zeros and ones.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold, StratifiedKFold

warnings.simplefilter("ignore")


class Classifier(ClassifierMixin, BaseEstimator):
    def __init__(self, classes=2):
        self.classes = classes

    def fit(self, X, y):
        self.classes_ = np.arange(self.classes)
        return self

    def predict_proba(self, X):
        return X

    def predict(self, X):
        return X.argmax(axis=1)


class Regressor(RegressorMixin, BaseEstimator):
    def fit(self, X, y):
        self.fitted_ = True
        return self

    def predict(self, X):
        return X[:, 0]


def tests(splitter, y):
    return [test.tolist() for _, test in splitter.split(np.zeros((len(y), 1)), y)]


def classes(rng, rows, classes, cv):
    codes = np.concatenate([np.arange(classes), rng.choice(classes, rows - classes, p=rng.dirichlet(np.ones(classes)))])
    rng.shuffle(codes)
    return {"codes": codes.tolist(), "classes": classes, "cv": cv, "folds": tests(StratifiedKFold(cv), codes)}


def classification(rng, rows, classes, present):
    truth = np.concatenate([np.arange(present), rng.integers(0, present, rows - present)])
    shares = rng.multinomial(16, rng.dirichlet(np.full(classes, 0.5), rows)) / 16
    names = ["accuracy", "balanced_accuracy", "f1_macro"]
    if present == classes:
        names += ["roc_auc", "roc_auc_ovr", "neg_log_loss"] if classes == 2 else ["roc_auc_ovr", "neg_log_loss"]
    model = Classifier(classes).fit(shares, truth)
    return {
        "codes": truth.tolist(),
        "classes": classes,
        "outputs": shares.ravel().tolist(),
        "scores": {name: float(get_scorer(name)(model, shares, truth)) for name in names},
    }


def regression(truth, outputs):
    model = Regressor().fit(outputs[:, None], truth)
    names = ["neg_mean_squared_error", "neg_root_mean_squared_error", "neg_mean_absolute_error", "r2"]
    return {
        "values": truth.tolist(),
        "outputs": outputs.tolist(),
        "scores": {name: float(get_scorer(name)(model, outputs[:, None], truth)) for name in names},
    }


rng = np.random.default_rng(11)
truth = rng.normal(5, 3, 40)
result = {
    "scikit-learn": sklearn.__version__,
    "classFolds": [classes(rng, *shape) for shape in [(10, 2, 2), (23, 2, 5), (50, 3, 5), (61, 4, 3), (40, 7, 5), (100, 5, 10)]],
    "numberFolds": [{"rows": n, "cv": cv, "folds": tests(KFold(cv), np.zeros(n))} for n, cv in [(5, 5), (11, 2), (50, 5), (64, 7)]],
    "classification": [classification(rng, *shape) for shape in [(40, 2, 2), (60, 3, 3), (80, 7, 7), (40, 4, 3), (20, 2, 1)]],
    "regression": [
        regression(truth, truth + rng.normal(size=40)),
        regression(truth, np.full(40, 5.0)),
        regression(np.full(6, 2.0), np.full(6, 2.0)),
        regression(np.full(6, 2.0), np.arange(6.0)),
    ],
}
json.dump(result, sys.stdout, allow_nan=False)
