"""Writes tests/learners/fixtures/losses.json: LightGBM's regressions by other losses than the square.

    .venv/bin/python tests/python/make_losses_fixtures.py
"""

import json
from pathlib import Path

import lightgbm
import numpy as np

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "losses.json"
random = np.random.default_rng(11)
ROWS = 1000
# Gradients of a quantile have two values only: after some more rounds two splits gain the same, and
# each side takes another.
ROUNDS = 5
# Few values, so that both sides have the same bins.
X = random.integers(0, 30, (ROWS, 3)).astype(np.float32)
X[random.random((ROWS, 3)) < 0.03] = np.nan
filled = np.nan_to_num(X, nan=15)
scale = 1 + filled[:, 1] / 10
y = np.round(filled[:, 0] + 5 * np.sin(filled[:, 2] / 4) + scale * random.standard_t(3, ROWS), 3)
weight = np.round(0.2 + random.random(ROWS), 3).astype(np.float32)

cases = []
for loss, alpha, weighted in [
    ("huber", 0.9, False), ("huber", 3.0, False), ("huber", 3.0, True),
    ("quantile", 0.1, False), ("quantile", 0.5, False), ("quantile", 0.9, False),
]:
    data = lightgbm.Dataset(X, y, weight=weight if weighted else None,
                            params={"min_data_in_bin": 1, "verbose": -1})
    booster = lightgbm.train({
        "objective": loss, "alpha": alpha, "num_leaves": 8, "learning_rate": 0.1,
        "min_data_in_leaf": 20, "num_threads": 1, "verbose": -1, "deterministic": True,
        "use_missing": True,
    }, data, num_boost_round=ROUNDS)
    cases.append({"loss": loss, "alpha": alpha, "weighted": weighted,
                  "predicted": booster.predict(X).tolist()})

# Rows of a leaf are estimated by the hessian, which LightGBM rounds bin by bin: one row is no limit.
# Counts and amounts of which many are 0, drawn apart so that the others stay what they were.
drawn = np.random.default_rng(12)
mean = np.exp(0.06 * filled[:, 0] - 0.03 * filled[:, 1])
amounts = np.where(drawn.random(ROWS) < 0.4, 0, np.round(300 * mean * drawn.gamma(2, 1, ROWS), 2))
targets = {"poisson": drawn.poisson(3 * mean).astype(float), "tweedie": amounts}
skewed = []
for loss, setting, weighted, more in [
    ("poisson", {}, False, {}),
    ("poisson", {"poisson_max_delta_step": 0.2}, False, {"lambda_l1": 3.0, "lambda_l2": 5.0}),
    ("poisson", {}, True, {}),
    ("tweedie", {}, False, {}),
    ("tweedie", {"tweedie_variance_power": 1.2}, False, {"lambda_l1": 3.0, "lambda_l2": 5.0}),
    ("tweedie", {"tweedie_variance_power": 1.8}, True, {}),
]:
    data = lightgbm.Dataset(X, targets[loss], weight=weight if weighted else None,
                            params={"min_data_in_bin": 1, "verbose": -1})
    booster = lightgbm.train({
        "objective": loss, "num_leaves": 8, "learning_rate": 0.1, "min_data_in_leaf": 1,
        "num_threads": 1, "verbose": -1, "deterministic": True, **setting, **more,
    }, data, num_boost_round=2 * ROUNDS)
    skewed.append({"loss": loss, "setting": setting, "weighted": weighted,
                   "penalties": {"regAlpha": more.get("lambda_l1", 0), "regLambda": more.get("lambda_l2", 0)},
                   "predicted": booster.predict(X).tolist(),
                   "raw": booster.predict(X[:5], raw_score=True).tolist()})

FIXTURE.write_text(json.dumps({
    "X": [[None if np.isnan(v) else float(v) for v in row] for row in X],
    "y": y.tolist(), "weight": weight.tolist(), "cases": cases,
    "targets": {loss: values.tolist() for loss, values in targets.items()}, "skewed": skewed,
}) + "\n")
