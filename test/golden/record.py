"""Records scikit-learn's trees for trainer/forest/golden.test.ts. Run once, and again only to add cases:

    python3 -m venv .cache/venv && .cache/venv/bin/pip install scikit-learn
    .cache/venv/bin/python test/golden/record.py > test/golden/trees.json

The data has no ties, so there is one right tree: columns have at most 255 distinct values (every boundary is then a bin edge of
ours) that are exact in float32 (scikit-learn's type), targets are integers, and nodes are kept large (in a node of two rows
every column is as good as any other). A table has ties after all, and is skipped, if its tree changes with scikit-learn's random
state, or if the tree of the negated columns divides the rows otherwise.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

OPTIONS = {"min_samples_split": 20, "min_samples_leaf": 7}


def table(rng, rows, columns, holes):
    """Columns of shuffled multiples of 1/8, some values missing."""
    values = np.stack([rng.permutation(rows) / 8 for _ in range(columns)], axis=1)
    values[rng.uniform(size=values.shape) < holes] = np.nan
    return values


def target(rng, values, kind):
    known = np.nan_to_num(values, nan=values.shape[0] / 16)
    signal = known[:, 0] * np.sin(known[:, 1] / 4) + 3 * known[:, 2] + rng.normal(scale=20, size=len(known))
    if kind == "regression":
        return np.round(signal * 16).astype(int)
    classes = {"two": 2, "four": 4}[kind]
    return np.searchsorted(np.quantile(signal, np.arange(1, classes) / classes), signal)


def tree_of(model):
    nodes = model.tree_.__getstate__()["nodes"]
    return {
        "feature": [int(max(f, -1)) for f in nodes["feature"]],
        # Of a leaf, and of a split that divides known from missing values (infinite there): null.
        "threshold": [float(t) if f >= 0 and np.isfinite(t) else None for f, t in zip(nodes["feature"], nodes["threshold"])],
        "missingLeft": [bool(m) for m in nodes["missing_go_to_left"]],
        "rows": [int(n) for n in nodes["n_node_samples"]],
    }


def fit(values, y, kind, seed):
    model = DecisionTreeRegressor if kind == "regression" else DecisionTreeClassifier
    return model(random_state=seed, **OPTIONS).fit(values, y)


def leaves(values, y, kind):
    """The rows of each leaf."""
    of_row = fit(values, y, kind, 0).apply(values.astype(np.float32))
    return {frozenset(np.flatnonzero(of_row == leaf)) for leaf in of_row}


def case(kind, holes, seed):
    rng = np.random.RandomState(seed)
    values = table(rng, rows=250, columns=5, holes=holes)
    y = target(rng, values, kind)
    trees = [tree_of(fit(values, y, kind, state)) for state in range(8)]
    if any(tree != trees[0] for tree in trees) or leaves(values, y, kind) != leaves(-values, y, kind):
        return None
    columns = [[None if np.isnan(v) else float(v) for v in column] for column in values.T]
    model = fit(values, y, kind, 0)
    importances = [float(v) for v in model.feature_importances_]
    return {"kind": kind, "holes": holes, "columns": columns, "target": y.tolist(), **trees[0], "importances": importances}


def cases():
    for kind in ["regression", "two", "four"]:
        for holes in [0, 0.1]:
            found = (c for c in (case(kind, holes, seed) for seed in range(1000)) if c is not None)
            yield from (next(found) for _ in range(2))


if __name__ == "__main__":
    json.dump({"scikit-learn": sklearn.__version__, "options": OPTIONS, "cases": list(cases())}, sys.stdout, allow_nan=False)
