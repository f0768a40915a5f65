"""Writes what scikit-learn and XGBoost make of small data sets, for tests/learners.

    .venv/bin/python tests/python/make_learner_fixtures.py && deno fmt tests/learners/fixtures
"""

import json
from pathlib import Path

import numpy as np
import sklearn
import xgboost
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from sklearn.tree import DecisionTreeClassifier

OUT = Path(__file__).parents[1] / "learners" / "fixtures"


def mixed(rows, rng):
    """Whole numbers of many values, a few ordinals, one-hot columns, gaps; three classes."""
    latent = rng.normal(size=(rows, 3))
    numeric = latent[:, [0, 0, 1, 2]] + rng.normal(scale=0.6, size=(rows, 4))
    numeric = np.clip(np.round(numeric * 1000 + 5000), 0, 9999)
    ordinal = np.clip(np.round(latent[:, :2] * 1.5 + 4), 0, 8)
    group = rng.integers(0, 5, rows)
    one_hot = np.eye(5)[group]
    score = latent[:, 0] + 0.8 * latent[:, 1] * latent[:, 2] + 0.5 * (group == 2) - 0.7 * (group == 4)
    score += rng.normal(scale=0.5, size=rows)
    y = np.digitize(score, [-0.6, 0.8])
    X = np.hstack([numeric, ordinal, one_hot])
    for column, share in ((1, 0.1), (3, 0.05), (4, 0.1)):
        X[rng.random(rows) < share, column] = np.nan
    return X.astype(np.float32), y


def grid(rows, rng):
    """Few distinct values, so that bins lose nothing; some gaps in one column."""
    X = np.column_stack([
        rng.integers(0, 12, rows), rng.integers(0, 30, rows), rng.integers(0, 5, rows),
        np.eye(4)[rng.integers(0, 4, rows)],
    ]).astype(np.float32)
    score = 0.25 * X[:, 0] - 0.02 * (X[:, 1] - 15) ** 2 + X[:, 2] * X[:, 3] + 2 * X[:, 5]
    y = np.digitize(score + rng.normal(scale=0.7, size=rows), [-1.0, 1.5])
    X[rng.random(rows) < 0.08, 1] = np.nan
    return X, y


def plain(X):
    """Rows as JSON: whole numbers, null for a gap."""
    return [[None if np.isnan(v) else int(v) for v in row] for row in X]


def quality(y, proba):
    return {
        "f1_macro": f1_score(y, proba.argmax(1), average="macro"),
        # A forest may give a class no share at all; its logarithm is cut off, on both sides alike.
        "log_loss": float(-np.log(np.maximum(proba[np.arange(len(y)), y], 1e-6)).mean()),
    }


def boosting(rounds, **params):
    return xgboost.XGBClassifier(n_estimators=rounds, tree_method="hist", n_jobs=1, **params)


def write(name, content):
    content = {"made_with": f"scikit-learn {sklearn.__version__}, xgboost {xgboost.__version__}", **content}
    (OUT / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


def write_mixed():
    rng = np.random.default_rng(7)
    X, y = mixed(1200, rng)
    X_test, y_test = mixed(1200, rng)
    forests = [
        quality(y_test, RandomForestClassifier(random_state=seed, n_jobs=2).fit(X, y).predict_proba(X_test))
        for seed in range(10)
    ]
    write("mixed.json", {
        "train": {"X": plain(X), "y": y.tolist()},
        "test": {"X": plain(X_test), "y": y_test.tolist()},
        "forests": forests,
        "boosting": quality(y_test, boosting(100).fit(X, y).predict_proba(X_test)),
        "boosting_strict": quality(
            y_test,
            boosting(60, max_depth=4, learning_rate=0.1, reg_lambda=5, reg_alpha=1, gamma=0.5, min_child_weight=8)
            .fit(X, y).predict_proba(X_test),
        ),
    })


def tree_nodes(model):
    tree = model.tree_
    return {
        "feature": np.maximum(tree.feature, -1).tolist(),
        "threshold": np.where(tree.feature < 0, 0, tree.threshold).tolist(),
        "importances": model.feature_importances_.tolist(),
    }


def write_grid():
    rng = np.random.default_rng(11)
    X, y = grid(900, rng)
    X_test, _ = grid(300, rng)
    binary = (y == 2).astype(int)
    weight = rng.integers(1, 4, len(y))

    def xgb_proba(labels, rounds=20, sample_weight=None, **params):
        model = boosting(rounds, **params).fit(X, labels, sample_weight=sample_weight)
        return np.round(model.predict_proba(X_test).astype(float), 6).tolist()

    filled = np.nan_to_num(X, nan=15)
    coarse = np.column_stack([filled[:, 0] // 3, filled[:, 1] // 10, filled[:, 3:5]])
    write("grid.json", {
        "X": plain(X), "y": y.tolist(), "weight": weight.tolist(), "X_test": plain(X_test),
        "xgboost": [
            {"name": "three classes", "classes": 3, "params": {}, "weighted": False, "proba": xgb_proba(y)},
            {"name": "two classes", "classes": 2, "params": {}, "weighted": False, "proba": xgb_proba(binary)},
            {"name": "three classes, weighted", "classes": 3, "params": {}, "weighted": True,
             "proba": xgb_proba(y, sample_weight=weight)},
            {"name": "regularised", "classes": 3,
             "params": {"maxDepth": 3, "learningRate": 0.1, "regLambda": 3, "regAlpha": 0.5, "gamma": 0.2,
                        "minChildWeight": 4},
             "weighted": False,
             "proba": xgb_proba(y, max_depth=3, learning_rate=0.1, reg_lambda=3, reg_alpha=0.5, gamma=0.2,
                                min_child_weight=4)},
        ],
        "tree": {
            "X": plain(coarse),
            "proba": np.round(
                DecisionTreeClassifier(random_state=0).fit(coarse, y).predict_proba(coarse), 7).tolist(),
            "gini": tree_nodes(DecisionTreeClassifier(max_depth=3, random_state=0).fit(filled, y)),
            "entropy": tree_nodes(
                DecisionTreeClassifier(max_depth=3, criterion="entropy", random_state=0).fit(filled, y)),
            "leaf20": tree_nodes(
                DecisionTreeClassifier(max_depth=4, min_samples_leaf=20, random_state=0).fit(filled, y)),
        },
    })


OUT.mkdir(parents=True, exist_ok=True)
write_mixed()
write_grid()
