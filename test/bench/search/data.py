"""The rows that both are measured on, as CSV files in a folder: for each data set and split those that are searched on and those that are
held out (30 %), with the digest of both. Prints them as JSON. Called by the bench `search`, and used by record_tpot.py."""

import hashlib
import json
import os
import sys

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

SPLITS = 3
CLASSES = {"iris": datasets.load_iris, "wine": datasets.load_wine, "breast cancer": datasets.load_breast_cancer, "digits": datasets.load_digits}
NUMBERS = {"diabetes": datasets.load_diabetes}
FRIEDMAN = {"Friedman 1": datasets.make_friedman1, "Friedman 2": datasets.make_friedman2, "Friedman 3": datasets.make_friedman3}
NAMES = [*CLASSES, *NUMBERS, *FRIEDMAN]


def load(name):
    if name in FRIEDMAN:
        X, y = FRIEDMAN[name](n_samples=300, noise={"Friedman 1": 1.0, "Friedman 2": 125.0, "Friedman 3": 0.1}[name], random_state=0)
    else:
        X, y = (CLASSES.get(name) or NUMBERS[name])(return_X_y=True)
    if name == "digits":
        # Of each class its share of 500.
        X, _, y, _ = train_test_split(X, y, train_size=500, random_state=0, stratify=y)
    return rounded(X), rounded(y)


def rounded(numbers):
    """To nine digits: what comes after them differs from machine to machine."""
    return np.vectorize(lambda number: float(f"{number:.9g}"))(numbers)


def written(X, y, classes):
    """Classes begin with a letter, so that nobody takes them for numbers."""
    lines = [",".join([*(f"x{column}" for column in range(X.shape[1])), "y"])]
    lines += [",".join([*(repr(float(cell)) for cell in row), f"c{label:g}" if classes else repr(float(label))]) for row, label in zip(X, y)]
    return "\n".join(lines) + "\n"


def parts(name, split):
    """@returns rows to search on, rows held out, each as X and y"""
    X, y = load(name)
    return train_test_split(X, y, test_size=0.3, random_state=split, stratify=y if name in CLASSES else None)


def texts(name, split):
    X, held, y, truth = parts(name, split)
    return written(X, y, name in CLASSES), written(held, truth, name in CLASSES)


def digest(name, split):
    return hashlib.sha256("".join(texts(name, split)).encode()).hexdigest()


def rows_of(file):
    """@returns X and y of one of the CSV files"""
    with open(file) as opened:
        cells = [line.split(",") for line in opened.read().splitlines()[1:]]
    return np.array([row[:-1] for row in cells], dtype=float), np.array([float(row[-1]) for row in cells])


if __name__ == "__main__":
    folder = json.loads(sys.argv[1])["folder"]
    made = []
    for name in NAMES:
        for split in range(SPLITS):
            files = [os.path.join(folder, f"{name}-{split}-{part}.csv".replace(" ", "-")) for part in ("train", "test")]
            for file, text in zip(files, texts(name, split)):
                with open(file, "w") as opened:
                    opened.write(text)
            made.append({"name": name, "split": split, "classes": name in CLASSES, "train": files[0], "test": files[1], "digest": digest(name, split)})
    print(json.dumps(made))
