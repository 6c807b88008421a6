"""Records scikit-learn's trees for trainer/forest/golden.test.ts. Run once, and again only to add cases:

    python3 -m venv .cache/venv && .cache/venv/bin/pip install scikit-learn
    .cache/venv/bin/python test/golden/record.py > test/golden/trees.json

The data has no ties, so there is one right tree: columns have at most 255 distinct values (every boundary is then a bin edge of
ours) that are exact in float32 (scikit-learn's type), targets are integers, and nodes are kept large (in a node of two rows
every column is as good as any other). A table has ties after all, and is skipped, if its tree changes with scikit-learn's random
state, or if the tree of the negated columns divides the rows otherwise. Each case names the options of ours that mean the same.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

COMMON = {"min_samples_split": 20, "min_samples_leaf": 7}

# What is asked of scikit-learn, and of ours in its own words.
SETUPS = [
    *({"kind": kind, "holes": holes} for kind in ["regression", "two", "four"] for holes in [0, 0.1]),
    {"kind": "two", "theirs": {"criterion": "entropy"}, "ours": {"criterion": "entropy"}},
    {"kind": "four", "theirs": {"criterion": "entropy"}, "ours": {"criterion": "entropy"}},
    {"kind": "counts", "theirs": {"criterion": "poisson"}, "ours": {"criterion": "poisson"}},
    {"kind": "regression", "theirs": {"max_leaf_nodes": 9}, "ours": {"maxLeafNodes": 9}},
    {"kind": "four", "theirs": {"max_leaf_nodes": 9}, "ours": {"maxLeafNodes": 9}},
    {"kind": "regression", "theirs": {"min_impurity_decrease": 3000}, "ours": {"minImpurityDecrease": "3000"}},
    {"kind": "four", "theirs": {"min_impurity_decrease": 0.02}, "ours": {"minImpurityDecrease": "0.02"}},
    {
        "kind": "two",
        "theirs": {"criterion": "entropy", "min_impurity_decrease": 0.02},
        "ours": {"criterion": "entropy", "minImpurityDecrease": "0.02"},
    },
    {"kind": "counts", "theirs": {"criterion": "poisson", "min_impurity_decrease": 0.05}, "ours": {"criterion": "poisson", "minImpurityDecrease": "0.05"}},
    {"kind": "four", "theirs": {"class_weight": "balanced"}, "ours": {"classWeight": "balanced"}, "skewed": True},
    {
        "kind": "two",
        "theirs": {"class_weight": {0: 2.5, 1: 1}},
        "ours": {"classWeights": [{"label": "a", "weight": "2.5"}]},
    },
    {"kind": "regression", "weighted": True},
    {"kind": "two", "weighted": True},
    {"kind": "four", "weighted": True, "theirs": {"criterion": "entropy"}, "ours": {"criterion": "entropy"}},
    {"kind": "regression", "weighted": True, "theirs": {"max_leaf_nodes": 9, "min_impurity_decrease": 3000}, "ours": {"maxLeafNodes": 9, "minImpurityDecrease": "3000"}},
]


def table(rng, rows, columns, holes):
    """Columns of shuffled multiples of 1/8, some values missing."""
    values = np.stack([rng.permutation(rows) / 8 for _ in range(columns)], axis=1)
    values[rng.uniform(size=values.shape) < holes] = np.nan
    return values


def target(rng, values, kind, skewed):
    known = np.nan_to_num(values, nan=values.shape[0] / 16)
    signal = known[:, 0] * np.sin(known[:, 1] / 4) + 3 * known[:, 2] + rng.normal(scale=20, size=len(known))
    if kind == "regression":
        return np.round(signal * 16).astype(int)
    if kind == "counts":
        return rng.poisson(np.exp((signal - signal.mean()) / (2 * signal.std())) * 3)
    classes = {"two": 2, "four": 4}[kind]
    shares = np.arange(1, classes) / classes
    return np.searchsorted(np.quantile(signal, shares**2 if skewed else shares), signal)


def tree_of(model):
    nodes = model.tree_.__getstate__()["nodes"]
    return {
        "feature": [int(max(f, -1)) for f in nodes["feature"]],
        # Of a leaf, and of a split that divides known from missing values (infinite there): null.
        "threshold": [float(t) if f >= 0 and np.isfinite(t) else None for f, t in zip(nodes["feature"], nodes["threshold"])],
        "missingLeft": [bool(m) for m in nodes["missing_go_to_left"]],
        "rows": [int(n) for n in nodes["n_node_samples"]],
    }


def in_preorder(tree, model):
    """scikit-learn numbers the nodes of a tree that is grown best first as it makes them."""
    left, right = model.tree_.children_left, model.tree_.children_right
    order, open_nodes = [], [0]
    while open_nodes:
        node = open_nodes.pop()
        order.append(node)
        if left[node] >= 0:
            open_nodes += [right[node], left[node]]
    return {name: [values[node] for node in order] for name, values in tree.items()}


def fit(values, y, setup, seed):
    model = DecisionTreeClassifier if setup["kind"] in ["two", "four"] else DecisionTreeRegressor
    return model(random_state=seed, **COMMON, **setup.get("theirs", {})).fit(values, y, sample_weight=setup["weights"])


def leaves(values, y, setup):
    """The rows of each leaf."""
    of_row = fit(values, y, setup, 0).apply(values.astype(np.float32))
    return {frozenset(np.flatnonzero(of_row == leaf)) for leaf in of_row}


def case(setup, seed):
    rng = np.random.RandomState(seed)
    values = table(rng, rows=250, columns=5, holes=setup.get("holes", 0))
    y = target(rng, values, setup["kind"], setup.get("skewed", False))
    weights = rng.randint(1, 9, size=250) / 4 if setup.get("weighted") else None
    setup = {**setup, "weights": weights}
    trees = [tree_of(fit(values, y, setup, state)) for state in range(8)]
    if any(tree != trees[0] for tree in trees) or leaves(values, y, setup) != leaves(-values, y, setup):
        return None
    columns = [[None if np.isnan(v) else float(v) for v in column] for column in values.T]
    model = fit(values, y, setup, 0)
    importances = [float(v) for v in model.feature_importances_]
    return {
        "kind": setup["kind"],
        "holes": setup.get("holes", 0),
        "options": setup.get("ours", {}),
        **({} if weights is None else {"weights": weights.tolist()}),
        "columns": columns,
        "target": y.tolist(),
        **in_preorder(trees[0], model),
        "importances": importances,
    }


def cases():
    for setup in SETUPS:
        found = (c for c in (case(setup, seed) for seed in range(1000)) if c is not None)
        yield from (next(found) for _ in range(1 if "ours" in setup else 2))


if __name__ == "__main__":
    json.dump({"scikit-learn": sklearn.__version__, "options": COMMON, "cases": list(cases())}, sys.stdout, allow_nan=False)
