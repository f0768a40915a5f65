"""Writes tests/training/fixtures/row_weights.json: scikit-learn and LightGBM with sample_weight on a
table of its own, learned from three rows in four and scored on the fourth.

    .venv/bin/python tests/python/make_row_weights_fixtures.py
"""

import json
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (accuracy_score, log_loss, mean_absolute_error, r2_score,
                             roc_auc_score, root_mean_squared_error)

FIXTURE = Path(__file__).parents[1] / "training" / "fixtures" / "row_weights.json"
random = np.random.default_rng(5)
ROWS = 400
X = np.round(random.normal(0, 1, (ROWS, 4)), 1).astype(np.float32)  # bins are exact
score = X[:, 0] - 0.7 * X[:, 1] + 0.5 * X[:, 0] * X[:, 2] + random.normal(0, 1, ROWS)
label = (score > 0.3).astype(int)
value = np.round(10 * score + 3, 3)
weight = np.round(random.random(ROWS) ** 2 * 4, 2)
weight[::17] = 0
test = np.arange(ROWS) % 4 == 0
train = ~test


def of_classes(predicted):
    w = weight[test]
    return {
        "predicted": predicted.tolist(),
        "metrics": {
            "roc_auc": roc_auc_score(label[test], predicted, sample_weight=w),
            "log_loss": log_loss(label[test], predicted, sample_weight=w),
            "accuracy": accuracy_score(label[test], predicted > 0.5, sample_weight=w),
        },
    }


def of_numbers(predicted):
    w = weight[test]
    return {
        "predicted": predicted.tolist(),
        "metrics": {
            "rmse": root_mean_squared_error(value[test], predicted, sample_weight=w),
            "mae": mean_absolute_error(value[test], predicted, sample_weight=w),
            "r2": r2_score(value[test], predicted, sample_weight=w),
        },
    }


logistic = LogisticRegression(C=1.0, tol=1e-12, max_iter=100_000)
logistic.fit(X[train].astype(float), label[train], weight[train])
linear = LinearRegression().fit(X[train].astype(float), value[train], weight[train])
boosting = lightgbm.train(
    {"objective": "binary", "num_leaves": 7, "learning_rate": 0.1, "min_data_in_leaf": 1,
     "min_sum_hessian_in_leaf": 1, "min_data_in_bin": 1, "verbose": -1, "num_threads": 1,
     "feature_pre_filter": False},
    lightgbm.Dataset(X[train], label[train], weight=weight[train]), 5,
)
FIXTURE.write_text(json.dumps({
    "X": [[float(v) for v in row] for row in X],
    "label": label.tolist(), "value": value.tolist(), "weight": weight.tolist(),
    "logisticRegression": of_classes(logistic.predict_proba(X[test].astype(float))[:, 1]),
    "gradientBoosting": of_classes(boosting.predict(X[test])),
    "linearRegression": of_numbers(linear.predict(X[test].astype(float))),
}) + "\n")
