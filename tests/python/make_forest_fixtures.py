"""Writes tests/learners/fixtures/forest.json: scikit-learn's forests on numbers.

    .venv/bin/python tests/python/make_forest_fixtures.py

`trees`: single regression trees on all rows whose values are few enough for a bin
each, so that every split can be the same. `forests`: quality of whole forests for
a few seeds on rows held out, and out of the bag, for classes and for numbers.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

random = np.random.default_rng(11)


def rounded(values, digits):
    return [round(float(value), digits) for value in values]


X = np.column_stack(
    [random.integers(0, 40, 300), random.integers(0, 12, 300), random.integers(0, 2, 300)]
).astype(np.float32)
y = np.round(1900 + 3 * X[:, 0] + (X[:, 1] - 6) ** 2 * (1 + X[:, 2]) + random.normal(0, 4, 300), 3)
weight = random.integers(1, 4, 300)

trees = []
for name, params, weighted in [
    ("depth 3", {"max_depth": 3}, False),
    ("leaves of 15 rows", {"max_depth": 5, "min_samples_leaf": 15}, False),
    ("weighted", {"max_depth": 4}, True),
]:
    model = DecisionTreeRegressor(random_state=0, **params)
    model.fit(X, y, sample_weight=weight if weighted else None)
    tree = model.tree_
    trees.append(
        {
            "name": name,
            "params": {
                "maxDepth": params["max_depth"],
                "minSamplesLeaf": params.get("min_samples_leaf", 1),
            },
            "weighted": weighted,
            "feature": [max(-1, int(f)) for f in tree.feature],
            "threshold": rounded(np.where(tree.feature < 0, 0, tree.threshold), 6),
            "predictions": rounded(model.predict(X), 6),
            "importances": rounded(model.feature_importances_, 12),
        }
    )

rows = 900
X2 = random.normal(size=(rows, 6)).astype(np.float32).round(3)
X2[random.random(X2.shape) < 0.05] = np.nan
known = np.nan_to_num(X2)
signal = known[:, 0] * known[:, 1] + np.sin(2 * known[:, 2]) + 0.5 * known[:, 3]
y2 = (5 + signal + random.normal(0, 0.3, rows)).round(4)
labels = np.digitize(signal + random.normal(0, 0.3, rows), [-0.6, 0.6])
train, test = slice(0, 600), slice(600, None)

forests = {"oob_accuracy": [], "oob_r2": [], "r2": []}
for seed in range(8):
    forest = RandomForestClassifier(100, oob_score=True, random_state=seed, n_jobs=2)
    forests["oob_accuracy"].append(forest.fit(X2[train], labels[train]).oob_score_)
    forest = RandomForestRegressor(
        100, oob_score=True, random_state=seed, n_jobs=2, max_features="sqrt"
    )
    forest.fit(X2[train], y2[train])
    forests["oob_r2"].append(forest.oob_score_)
    forests["r2"].append(forest.score(X2[test], y2[test]))


def cells(matrix):
    return [[None if np.isnan(v) else round(float(v), 3) for v in row] for row in matrix]


fixture = {
    "X": cells(X),
    "y": y.tolist(),
    "weight": weight.tolist(),
    "trees": trees,
    "noisy": {"X": cells(X2), "y": y2.tolist(), "labels": labels.tolist(), "train": 600},
    "forests": {name: rounded(values, 6) for name, values in forests.items()},
}
folder = Path(__file__).parents[1] / "learners" / "fixtures"
(folder / "forest.json").write_text(json.dumps(fixture) + "\n")
