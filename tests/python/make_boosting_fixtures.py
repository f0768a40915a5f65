"""Writes what XGBoost and LightGBM make of rows whose values each have a bin, for tests/learners.

    .venv/bin/python tests/python/make_boosting_fixtures.py && deno fmt tests/learners/fixtures

Predictions are of the training rows: a held-out value between two that a node
has seen goes left in one library and right in the other.
"""

import json
from pathlib import Path

import lightgbm
import numpy as np
import xgboost

OUT = Path(__file__).parents[1] / "learners" / "fixtures" / "boosting.json"
ROUNDS = 20


def grid(rows, rng):
    """Few distinct values, each in three rows or more, so that bins lose nothing; gaps in one column."""
    X = np.column_stack([
        rng.integers(0, 12, rows), rng.integers(0, 30, rows), rng.integers(0, 5, rows),
        np.eye(4)[rng.integers(0, 4, rows)],
    ]).astype(np.float32)
    score = 0.25 * X[:, 0] - 0.02 * (X[:, 1] - 15) ** 2 + X[:, 2] * X[:, 3] + 2 * X[:, 5]
    score += rng.normal(scale=0.7, size=rows)
    X[rng.random(rows) < 0.08, 1] = np.nan
    return X, score


def xgb(kind, **params):
    make = xgboost.XGBRegressor if kind == "regression" else xgboost.XGBClassifier
    return make(n_estimators=ROUNDS, tree_method="hist", n_jobs=1, **params)


def lgb(kind, **params):
    make = lightgbm.LGBMRegressor if kind == "regression" else lightgbm.LGBMClassifier
    return make(n_estimators=ROUNDS, n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True, **params)


def main():
    rng = np.random.default_rng(5)
    X, score = grid(900, rng)
    Xv, score_v = grid(300, rng)
    target = np.round(score, 3)
    classes = np.digitize(score, [-1.0, 1.5])
    binary = (score > 0.8).astype(int)
    # With all weights 1, different splits of few rows have exactly the same gain, and rounding picks one.
    weight = np.round(rng.uniform(0.5, 2, len(X)), 3).astype(np.float32)
    targets = {"binary": binary, "classes": classes, "regression": target}
    rising = [1, 0, 0, 0, 0, 0, 0]
    falling = [-1, 0, 1, 0, 0, 0, 0]
    leafwise = {"growth": "leafwise"}
    # LightGBM guesses the rows of each bin from its hessian, rounds, and adds up; the
    # project guesses those of a side at once. Where hessians differ by row, no limit on rows, then.
    any_leaf, our_any_leaf = {"min_child_samples": 0}, {**leafwise, "minDataInLeaf": 1}
    cases = []

    def case(name, kind, make, theirs, ours, exact=True):
        model = make(kind, **theirs)
        model.fit(X, targets[kind], sample_weight=weight)
        predicted = model.predict(X) if kind == "regression" else model.predict_proba(X)
        cases.append({"name": name, "kind": kind, "params": ours, "exact": exact,
                      "predicted": np.round(predicted.astype(float), 6).tolist()})

    strict = {"reg_alpha": 0.5, "reg_lambda": 2, "min_child_weight": 3, "learning_rate": 0.2}
    our_strict = {"regAlpha": 0.5, "regLambda": 2, "minChildWeight": 3, "learningRate": 0.2}
    case("XGBoost, regression", "regression", xgb, {}, {})
    case("XGBoost, rising and falling", "binary", xgb, {"monotone_constraints": tuple(falling)}, {"monotone": falling})
    case("XGBoost, rising regression", "regression", xgb, {"monotone_constraints": tuple(rising)}, {"monotone": rising})
    case("LightGBM, two classes", "binary", lgb, any_leaf, our_any_leaf)
    case("LightGBM, three classes", "classes", lgb, any_leaf, our_any_leaf)
    case("LightGBM, regression", "regression", lgb, any_leaf, our_any_leaf)
    case("LightGBM, eight leaves of depth four", "binary", lgb, {**any_leaf, "num_leaves": 8, "max_depth": 4},
         {**our_any_leaf, "numLeaves": 8, "maxDepth": 4})
    case("LightGBM, regularised", "binary", lgb, {**strict, **any_leaf, "min_split_gain": 0.5},
         {**our_any_leaf, **our_strict, "gamma": 0.5}, exact=False)
    case("LightGBM, small leaves", "regression", lgb, {"min_child_samples": 3, "num_leaves": 15},
         {"numLeaves": 15, "minDataInLeaf": 3})
    case("LightGBM, rising and falling", "binary", lgb, {**any_leaf, "monotone_constraints": falling},
         {**our_any_leaf, "monotone": falling}, exact=False)
    case("LightGBM, at least 20 rows in a leaf", "binary", lgb, {}, leafwise, exact=False)
    case("LightGBM, twice the weight of class 1", "binary", lgb, {**any_leaf, "scale_pos_weight": 2},
         {**our_any_leaf, "scalePosWeight": 2})
    watched = xgb("binary", early_stopping_rounds=5, eval_metric="logloss", max_depth=4)
    watched.set_params(n_estimators=60)
    valid = (score_v > 0.8).astype(int)
    watched.fit(X, binary, eval_set=[(X, binary), (Xv, valid)], verbose=False)
    curves = watched.evals_result()
    content = {
        "made_with": f"xgboost {xgboost.__version__}, lightgbm {lightgbm.__version__}",
        "X": [[None if np.isnan(v) else int(v) for v in row] for row in X],
        "targets": {name: values.tolist() for name, values in targets.items()},
        "weight": [round(float(w), 3) for w in weight],
        "cases": cases,
        "watched": {
            "X": [[None if np.isnan(v) else int(v) for v in row] for row in Xv], "y": valid.tolist(),
            "best_iteration": watched.best_iteration,
            "train": np.round(curves["validation_0"]["logloss"], 6).tolist(),
            "validation": np.round(curves["validation_1"]["logloss"], 6).tolist(),
        },
    }
    OUT.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
