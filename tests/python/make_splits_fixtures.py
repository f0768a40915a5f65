"""Writes tests/dataset/fixtures/splits.json: folds made by scikit-learn."""

import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

FIXTURE = Path(__file__).parents[1] / "dataset" / "fixtures" / "splits.json"


def counts(y, splitter, groups=None):
    classes = int(y.max()) + 1
    splits = splitter.split(y, y, groups)
    return [np.bincount(y[test], minlength=classes).tolist() for _, test in splits]


def rows(y, splitter, groups=None):
    return [test.tolist() for _, test in splitter.split(y, y, groups)]


def imbalances(y, folds, groups, seeds=200):
    """How far the classes' shares differ over shuffled folds, seed by seed."""
    found = []
    for seed in range(seeds):
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
        by_fold = np.array(counts(y, splitter, groups)) / np.bincount(y)
        found.append(by_fold.std(axis=0).mean())
    return {"mean": float(np.mean(found)), "deviation": float(np.std(found))}


def main():
    random = np.random.default_rng(42)
    problems = {
        "three uneven classes": (random.choice(3, 203, p=[0.29, 0.53, 0.18]), 5),
        "first row of the last class": (np.r_[2, random.choice(3, 100)], 5),
        "two classes, ten folds": (random.choice(2, 117, p=[0.85, 0.15]), 10),
        "sorted labels": (np.sort(random.choice(4, 90)), 3),
        "rows just enough": (np.repeat([0, 1], [50, 5]), 5),
    }
    plain = [
        {
            "name": name,
            "folds": folds,
            "y": y.tolist(),
            "shuffledCounts": counts(y, StratifiedKFold(folds, shuffle=True, random_state=1)),
            "rows": rows(y, StratifiedKFold(folds)),
        }
        for name, (y, folds) in problems.items()
    ]
    grouped = []
    for name, folds, y, groups in [
        ("customers of eight months", 5, random.choice(3, 480, p=[0.3, 0.5, 0.2]),
         random.permutation(np.repeat(np.arange(60), 8))),
        ("groups of very different size", 4, random.choice(2, 300, p=[0.7, 0.3]),
         np.minimum(random.geometric(0.07, 300), 25) * 3 - 7),
        ("as many groups as folds", 3, random.choice(2, 60), np.repeat([5, -1, 9], 20)),
        ("each row a group", 5, random.choice(3, 60), np.arange(60)),
    ]:
        grouped.append({
            "name": name,
            "folds": folds,
            "y": y.tolist(),
            "groups": groups.tolist(),
            "rows": rows(y, StratifiedGroupKFold(folds), groups),
            "shuffled": imbalances(y, folds, groups),
        })
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps({"plain": plain, "grouped": grouped}, indent=2) + "\n")


if __name__ == "__main__":
    main()
