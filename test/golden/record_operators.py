"""Records what scikit-learn's transformers and predictors answer, for trainer/operators/golden.test.ts.

    python3 -m venv .cache/venv && .cache/venv/bin/pip install scikit-learn
    .cache/venv/bin/python test/golden/record_operators.py > test/golden/operators.json

Each fourth row is held out; what is recorded are the answers for some of these. `wide` has more columns than rows, made up;
the others are real data as scikit-learn ships them. Numbers of the tables are rounded, so that they are short.

Where the solution is unique but scikit-learn stops on the way to it (logistic regression), it is told to go on. Coordinate
descent stops where scikit-learn stops. Rows whose nearest neighbours are a matter of ties are left out.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectFwe, SelectPercentile, VarianceThreshold, f_classif, f_regression
from sklearn.linear_model import ElasticNetCV, LassoLarsCV, LogisticRegression, RidgeCV, lars_path
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

warnings.simplefilter("ignore")


def tables():
    rng = np.random.default_rng(3)
    iris, wine, cancer = load_iris(), load_wine(), load_breast_cancer()
    diabetes = load_diabetes(scaled=False)
    wide = np.round(rng.normal(size=(28, 30)), 2)
    # One column like the data of a form: few integers, one of them rare.
    wide[:, 7] = rng.choice([-1, 2, 3, 9], 28, p=[0.4, 0.3, 0.25, 0.05])
    made = {
        "iris": (iris.data, iris.target, "classes"),
        "wine": (wine.data, wine.target, "classes"),
        "cancer": (cancer.data[::8], cancer.target[::8], "classes"),
        "wideClasses": (wide, (wide[:, 0] > 0.3).astype(int) + (wide[:, 1] > 0), "classes"),
        "diabetes": (diabetes.data[::3], diabetes.target[::3], "values"),
        "alcohol": (wine.data[::2, 1:], wine.data[::2, 0], "values"),
        "wideValues": (wide, np.round(wide[:, :3].sum(axis=1) + rng.normal(size=28), 3), "values"),
    }
    # Four digits are plenty, and short.
    return {name: (np.array([[float(f"{x:.4g}") for x in row] for row in x]), y, kind) for name, (x, y, kind) in made.items()}


class NormalizedLasso:
    """LassoLarsCV over columns that are divided by their norms, within each fold anew, as `normalize` once did."""

    def fit(self, x, y):
        paths = []
        for train, test in KFold(5).split(x):
            alphas, coefficients = self.path(x[train], y[train])
            residues = (x[test] - x[train].mean(axis=0)) @ coefficients + y[train].mean() - y[test, None]
            paths.append((alphas[::-1], residues[:, ::-1]))
        candidates = np.unique(np.concatenate([alphas for alphas, _ in paths]))
        errors = [
            np.mean([(np.interp(candidates, alphas, row)) ** 2 for row in residues], axis=0) for alphas, residues in paths
        ]
        _, coefficients = self.path(x, y, alpha_min=candidates[np.argmin(np.mean(errors, axis=0))])
        self.coefficients = coefficients[:, -1]
        self.intercept = y.mean() - x.mean(axis=0) @ self.coefficients
        return self

    def path(self, x, y, **options):
        centred = x - x.mean(axis=0)
        norms = np.linalg.norm(centred, axis=0)
        alphas, _, coefficients = lars_path(centred / norms, y - y.mean(), method="lasso", **options)
        return alphas, coefficients / norms[:, None]

    def predict(self, x):
        return x @ self.coefficients + self.intercept


def integer_columns(x):
    """Those that TPOT's encoder would take for categories, but for columns that hold fractions."""
    return [c for c in range(x.shape[1]) if len(set(x[:, c])) <= 10 and (x[:, c] == np.round(x[:, c])).all()]


def encoder(x, fraction):
    one_hot = OneHotEncoder(min_frequency=fraction, handle_unknown="infrequent_if_exist", sparse_output=False)
    return ColumnTransformer([("categories", one_hot, integer_columns(x))], remainder="passthrough")


def transformers(x, kind):
    """Those that ignore the target need not be asked for every target of a table."""
    score = f_classif if kind == "classes" else f_regression
    selectors = [
        *[("selectPercentile", {"percentile": p}, SelectPercentile(score, percentile=p)) for p in [50, 35]],
        *[("selectFwe", {"alpha": a}, SelectFwe(score, alpha=a)) for a in [0.05, 0.001]],
    ]
    if kind == "values":
        return selectors
    return selectors + [
        ("standardScaler", {}, StandardScaler()),
        ("minMaxScaler", {}, MinMaxScaler()),
        ("maxAbsScaler", {}, MaxAbsScaler()),
        ("robustScaler", {}, RobustScaler()),
        *[("normalizer", {"norm": norm}, Normalizer(norm)) for norm in ["l1", "l2", "max"]],
        ("pca", {"components": 1}, PCA(svd_solver="full")),
        ("pca", {"components": 0.9}, PCA(0.9, svd_solver="full")),
        ("polynomialFeatures", {}, PolynomialFeatures(include_bias=False)),
        *[("oneHotEncoder", {"minimumFraction": least}, encoder(x, least)) for least in [0.05, 0.25]],
        *[("varianceThreshold", {"threshold": t}, VarianceThreshold(t)) for t in [0.0001, 0.2]],
    ]


def predictors(kind):
    neighbors = [(5, "uniform", 2), (3, "distance", 2), (10, "distance", 1)]
    theirs = KNeighborsClassifier if kind == "classes" else KNeighborsRegressor
    found = [
        ("kNeighbors", {"nNeighbors": k, "weights": weights, "p": p}, theirs(k, weights=weights, p=p))
        for k, weights, p in neighbors
    ]
    if kind == "classes":
        exact = {"solver": "newton-cholesky", "tol": 1e-12, "max_iter": 10_000}
        return found + [
            ("gaussianNb", {}, GaussianNB()),
            *[("logisticRegression", {"C": c}, LogisticRegression(C=c, **exact)) for c in [0.001, 1, 25]],
        ]
    return found + [
        ("ridge", {}, RidgeCV()),
        ("lasso", {"normalize": False}, LassoLarsCV()),
        ("lasso", {"normalize": True}, NormalizedLasso()),
        *[
            ("elasticNet", {"l1Ratio": ratio, "tol": tol}, ElasticNetCV(l1_ratio=ratio, tol=tol))
            for ratio, tol in [(0.5, 1e-4), (0.05, 1e-2), (0.95, 1e-5), (0.5, 1e-1)]
        ],
    ]


def short(values):
    return [float(f"{value:.9g}") for value in np.ravel(values)]


def without_ties(model, x):
    k = model.n_neighbors
    distances, _ = model.kneighbors(x, k + 1)
    return distances[:, k] - distances[:, k - 1] > 1e-9


result = {"scikit-learn": sklearn.__version__, "tables": {}, "cases": [], "statistics": {}}
for name, (x, y, kind) in tables().items():
    result["tables"][name] = {"columns": x.shape[1], "x": x.ravel().tolist(), kind: y.tolist()}
    held_out = np.arange(len(x)) % 4 == 3
    train, rows = ~held_out, np.flatnonzero(held_out)
    score = f_classif if kind == "classes" else f_regression
    result["statistics"][name] = [short(values) for values in score(x[train], y[train])]
    for operator, parameters, model in transformers(x, kind):
        model.fit(x[train], y[train])
        chosen = rows[:1] if operator == "polynomialFeatures" else rows[:2]
        outputs = model.transform(x[chosen])
        if outputs.shape[1] > 0:
            case = {"operator": operator, "parameters": parameters, "table": name, "rows": chosen.tolist()}
            result["cases"].append({**case, "outputs": short(outputs)})
    for operator, parameters, model in predictors(kind):
        model.fit(x[train], y[train])
        chosen = rows[without_ties(model, x[rows])] if operator == "kNeighbors" else rows
        outputs = model.predict_proba(x[chosen]) if kind == "classes" else model.predict(x[chosen])
        case = {"operator": operator, "parameters": parameters, "table": name, "rows": chosen.tolist()}
        result["cases"].append({**case, "outputs": short(outputs)})
json.dump(result, sys.stdout, allow_nan=False, separators=(",", ":"))
