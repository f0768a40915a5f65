"""Writes tests/learners/fixtures/categorical.json: LightGBM on columns of categories.

    .venv/bin/python tests/python/make_categorical_fixtures.py

Rows of two columns of categories (one of few, one of many, both with gaps) and one of numbers,
models of a few settings with what they predict, what their features contribute (pred_contrib, which
is path-dependent TreeSHAP), and their trees as the arrays of src/trees/ensemble.ts.
"""

import json
from pathlib import Path

import lightgbm
import numpy as np

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "categorical.json"
ROWS, TESTED = 1200, 200

random = np.random.default_rng(7)
few = random.integers(0, 3, ROWS).astype(np.float32)
many = np.floor(60 * random.random(ROWS) ** 2).astype(np.float32)
numbers = random.integers(0, 40, ROWS).astype(np.float32)
effect = random.normal(0, 1.5, 60)
score = effect[many.astype(int)] + np.where(few == 1, 1.5, -0.5) + numbers / 20 - 1
few[random.random(ROWS) < 0.05] = np.nan
many[random.random(ROWS) < 0.05] = np.nan
X = np.stack([few, many, numbers], axis=1)
targets = {
    "binary": (score + random.logistic(0, 0.7, ROWS) > 0).astype(int),
    "classes": np.clip(np.floor(score + random.normal(0, 0.7, ROWS) + 1), 0, 2).astype(int),
    "regression": np.round(score + random.normal(0, 0.5, ROWS), 3),
}
X_test = X[:TESTED].copy()
# Categories that no training row has.
X_test[:10, 0] = 7
X_test[10:20, 1] = 99

# Below a node where no split of a column pays LightGBM leaves the column out, which ours does not:
# small trees, and settings under which some split always pays, show the search for sets alone.
GROUPS = {"min_data_per_group": 20, "cat_smooth": 5.0}
ALWAYS = {"min_data_per_group": 1, "cat_smooth": 5.0, "cat_l2": 0.0}
CASES = [
    ("binary", {}),
    ("binary", {**GROUPS, "num_leaves": 3}),
    ("binary", ALWAYS),
    ("binary", {**ALWAYS, "lambda_l2": 1.0, "max_cat_threshold": 3}),
    ("binary", {**GROUPS, "max_cat_to_onehot": 100, "lambda_l1": 0.5}),
    ("classes", {**GROUPS, "num_leaves": 3}),
    ("regression", GROUPS),
    ("regression", {**GROUPS, "cat_smooth": 1.0, "max_cat_to_onehot": 1}),
]


def flat(booster, outputs):
    """The trees with the categories of each split."""
    trees = {name: [] for name in (
        "roots", "feature", "threshold", "left", "right", "missingLeft", "cover", "leaves",
        "members")}
    for told in booster.dump_model()["tree_info"]:
        trees["roots"].append(len(trees["feature"]))

        def add(node):
            place = len(trees["feature"])
            leaf = "leaf_value" in node
            split = not leaf and node["decision_type"] == "=="
            trees["feature"].append(-1 if leaf else node["split_feature"])
            trees["threshold"].append(0 if leaf or split else float(node["threshold"]))
            trees["members"].append(
                [int(code) for code in node["threshold"].split("||")] if split else None)
            trees["missingLeft"].append(int(not leaf and not split and node["default_left"]))
            trees["cover"].append(node["leaf_count"] if leaf else node["internal_count"])
            trees["left"].append(0)
            trees["right"].append(0)
            if leaf:
                trees["left"][place] = len(trees["leaves"])
                trees["leaves"].append(node["leaf_value"])
            else:
                trees["left"][place] = add(node["left_child"])
                trees["right"][place] = add(node["right_child"])
            return place

        add(told["tree_structure"])
    count = len(trees["roots"])
    trees["treeOutput"] = [t % outputs for t in range(count)] if outputs > 1 else []
    return trees


cases = []
for kind, params in CASES:
    objective = {"binary": "binary", "classes": "multiclass", "regression": "regression"}[kind]
    settings = {
        "objective": objective, "num_leaves": 12, "learning_rate": 0.2, "verbose": -1,
        "num_threads": 1, "min_data_in_leaf": 20, "deterministic": True, **params,
        **({"num_class": 3} if kind == "classes" else {}),
    }
    data = lightgbm.Dataset(X, targets[kind], categorical_feature=[0, 1],
                            params={"min_data_in_bin": 1, "verbose": -1})
    booster = lightgbm.train(settings, data, num_boost_round=8)
    predicted = booster.predict(X_test)
    outputs = 3 if kind == "classes" else 1
    contributions = booster.predict(X_test[:40], pred_contrib=True)
    cases.append({
        "kind": kind,
        "params": params,
        "predicted": predicted.tolist(),
        "trees": flat(booster, outputs),
        # Row by row, output by output: the features, and last the base.
        "contributions": contributions.tolist(),
    })


def gaps(rows):
    return [[None if np.isnan(value) else float(value) for value in row] for row in rows]


FIXTURE.write_text(json.dumps({
    "X": gaps(X), "X_test": gaps(X_test),
    "targets": {name: values.tolist() for name, values in targets.items()},
    "cases": cases,
}) + "\n")
