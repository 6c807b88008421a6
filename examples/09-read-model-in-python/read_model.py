"""Predictions from a model file of TrainTask (docs/model-file.md), with nothing but the standard library.

    python3 read_model.py model.jsonl rows.json     rows: [{"column": value, ...}, ...], null for a missing value
"""
import bisect, functools, json, math, operator, sys

def load(path):
    with open(path, encoding="utf-8") as file:
        header, *lines = (json.loads(line) for line in file)
    kinds = {line["kind"] for line in lines}
    if header["kind"] != "header" or header["version"] != 1 or not kinds <= {"tree", "iteration", "end"}:
        raise ValueError(f"not a model that is known here: version {header.get('version')}, {kinds}")
    return header, [line for line in lines if line["kind"] != "end"]

def cell(column, value):
    """What trees compare: a code with their bins, a number with their thresholds. None is missing."""
    if column["type"] == "number":
        return None if value is None else (bisect.bisect_left(column["edges"], value), value)
    return (column["categories"].index(value),) * 2 if value in column["categories"] else None

def leaf(tree, cells):
    """The value of the leaf that a row falls into. A left subtree is skipped by counting."""
    feature, node, split, leaves = tree["feature"], 0, 0, 0
    while feature[node] >= 0:
        here = cells[feature[node]]
        if here is None: left = split in tree.get("missingLeft", ())
        elif "bin" in tree: left = here[0] <= tree["bin"][split]
        else: left = here[1] < tree["threshold"][split]
        node, split, unfinished = node + 1, split + 1, 0 if left else 1
        while unfinished > 0:
            is_split = feature[node] >= 0
            node, unfinished = node + 1, unfinished + (1 if is_split else -1)
            split, leaves = split + is_split, leaves + (not is_split)
    return tree["value"][leaves]

def shares(weights):  # Summed one by one: sum() of newer Pythons rounds in another way.
    total = functools.reduce(operator.add, weights)
    return [weight / total for weight in weights]

def predict(model, row):
    """A list: the value, or the probabilities of the classes in the order of the header."""
    header, lines = model
    cells, classes = [cell(c, row[c["name"]]) for c in header["columns"]], header.get("classes")
    if header["trainer"] == "gradientBoosting":  # Up to the least held-out loss, the first of equals, or to the last line.
        best = min(range(len(lines)), key=lambda i: lines[i]["loss"].get("validation", -i))
        sums = list(header["gradientBoosting"]["baseline"])
        for line in lines[: best + 1]: sums = [each + leaf(tree, cells) for each, tree in zip(sums, line["trees"])]
        raw = sums if len(sums) > 1 else [0.0, *sums]
        return sums if classes is None else shares([math.exp(each - max(raw)) for each in raw])
    sums = [0.0] * len(classes or [header["target"]])
    for value in (leaf(tree, cells) for tree in lines):
        pairs = value if isinstance(value, list) else [0, value] if classes is None else [value, 1]
        for k, each in zip(pairs[::2], pairs[1::2] if classes is None else shares(pairs[1::2])): sums[k] += each
    return [each / len(lines) for each in sums]

if __name__ == "__main__":
    known = load(sys.argv[1])
    print(json.dumps([predict(known, row) for row in json.load(open(sys.argv[2], encoding="utf-8"))]))
