"""Records what DEAP 1.4 selects of pools of pipelines, for trainer/search/nsga2.test.ts.

    .cache/venv/bin/pip install deap==1.4.4
    .cache/venv/bin/python test/golden/record_nsga2.py > test/golden/nsga2.json

Scores are multiples of 1/8, or have all digits: the first have many ties. A failed pipeline (score null) is worse than all others in
both objectives.
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from deap import base, creator, tools

creator.create("Fitness", base.Fitness, weights=(-1.0, 1.0))
creator.create("Individual", list, fitness=creator.Fitness)


def pool(scores, sizes):
    individuals = []
    for place, (score, size) in enumerate(zip(scores, sizes)):
        individual = creator.Individual([place])
        individual.fitness.values = (np.inf, -np.inf) if score is None else (size, score)
        individuals.append(individual)
    return individuals


def places(individuals):
    return [individual[0] for individual in individuals]


def record(rng, count, ties):
    scores = [round(s * 8) / 8 if ties else s for s in rng.normal(size=count)]
    scores = [None if rng.random() < 0.1 else float(s) for s in scores]
    sizes = rng.integers(1, 5 if ties else 20, count).tolist()
    individuals = pool(scores, sizes)
    ranks = tools.sortNondominated(individuals, count)
    distances = []
    for rank in ranks:
        tools.emo.assignCrowdingDist(rank)
        distances.append([d if np.isfinite(d) else None for d in (i.fitness.crowding_dist for i in rank)])
    return {
        "scores": scores,
        "sizes": sizes,
        "ranks": [places(rank) for rank in ranks],
        "crowding": distances,
        "selected": [places(tools.selNSGA2(individuals, k)) for k in (1, count // 4, count // 2, count, count + 3)],
    }


rng = np.random.default_rng(6)
result = {
    "deap": version("deap"),
    "pools": [record(rng, count, ties) for count in (4, 12, 40) for ties in (True, False) for _ in range(3)],
}
json.dump(result, sys.stdout, allow_nan=False)
