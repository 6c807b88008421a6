"""Records scikit-learn's scores of made-up predictions for trainer/metrics.test.ts.

    python3 -m venv .cache/venv && .cache/venv/bin/pip install scikit-learn
    .cache/venv/bin/python test/golden/record_metrics.py > test/golden/metrics.json

Probabilities are multiples of 1/32, or of 1/1000: the first have many ties and some zeros and ones, so midranks and clipping
count. Macro F1 is taken over the classes that occur in the truth.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn import metrics


def classification(rng, rows, classes, steps, present):
    """`present` classes occur in the truth, all in the predictions."""
    truth = np.concatenate([np.arange(present), rng.integers(0, present, rows - present)])
    shares = rng.dirichlet(np.full(classes, 0.4), rows) + 0.5 * rng.random((rows, 1)) * np.eye(classes)[truth]
    shares = np.floor(shares / shares.sum(axis=1, keepdims=True) * steps)
    shares[np.arange(rows), shares.argmax(axis=1)] += steps - shares.sum(axis=1)
    probabilities = shares / steps
    labels = np.arange(classes)
    predicted = probabilities.argmax(axis=1)
    scores = {
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.recall_score(truth, predicted, labels=np.unique(truth), average="macro"),
        "macro_f1": metrics.f1_score(truth, predicted, labels=np.unique(truth), average="macro"),
        "log_loss": metrics.log_loss(truth, probabilities, labels=labels),
    }
    if present == classes:
        scores["roc_auc"] = (
            metrics.roc_auc_score(truth, probabilities[:, 1])
            if classes == 2
            else metrics.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro", labels=labels)
        )
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "scores": scores,
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
    }


def regression(rng, rows, offset):
    truth = offset + rng.normal(scale=3, size=rows)
    predicted = truth + rng.normal(scale=1, size=rows)
    scores = {
        "r2": metrics.r2_score(truth, predicted),
        "rmse": metrics.root_mean_squared_error(truth, predicted),
        "mae": metrics.mean_absolute_error(truth, predicted),
    }
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "scores": scores}


rng = np.random.default_rng(5)
result = {
    "scikit-learn": sklearn.__version__,
    "classification": [
        classification(rng, rows, classes, steps, present)
        for rows, classes, steps, present in [(60, 2, 32, 2), (60, 2, 1000, 2), (80, 3, 32, 3), (120, 7, 1000, 7), (40, 4, 32, 3)]
    ],
    "regression": [regression(rng, 50, offset) for offset in [0, 1000]],
}
json.dump(result, sys.stdout, allow_nan=False)
