"""Writes tests/explain/fixtures/inspection.json: scikit-learn's partial dependence and permutation importance.

    .venv/bin/python tests/python/make_inspection_fixtures.py

The models are formulas that the test computes too, so that nothing but the inspection differs.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import log_loss

FIXTURE = Path(__file__).parents[1] / "explain" / "fixtures" / "inspection.json"
random = np.random.default_rng(8)
X = np.round(random.normal(0, 1, (120, 4)), 3)
X[:, 3] = random.integers(0, 6, 120)
weight = np.round(random.random(120) * 2, 3)


def formula(X):
    return 2 * X[:, 0] + X[:, 0] * X[:, 1] + np.sin(3 * X[:, 3])


class Formula(RegressorMixin, BaseEstimator):
    def fit(self, X, y):
        self.fitted_ = True
        return self

    def predict(self, X):
        return formula(X)


class Shares(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        scores = np.column_stack([np.zeros(len(X)), formula(X), X[:, 1] - X[:, 3] / 2])
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)


y = formula(X) + np.round(random.normal(0, 1, 120), 3)
labels = np.array([random.choice(3, p=p) for p in Shares().fit(X, [0, 1, 2]).predict_proba(X)])
models = {"regression": Formula().fit(X, y), "classes": Shares().fit(X, labels)}

dependences = []
for task, model in models.items():
    for feature in (0, 3):
        for weighted in (False, True):
            found = partial_dependence(
                model, X, [feature], method="brute", kind="both", grid_resolution=20,
                sample_weight=weight if weighted else None,
                **({"response_method": "predict_proba"} if task == "classes" else {}),
            )
            dependences.append({
                "task": task, "feature": feature, "weighted": weighted,
                "grid": found["grid_values"][0].tolist(), "average": found["average"].tolist(),
                "first_rows": found["individual"][:, :3].tolist(),
            })


def loss(model, X, y):
    return -log_loss(y, model.predict_proba(X), labels=[0, 1, 2])


importances = []
for task, target, scoring in (
    ("regression", y, "neg_mean_absolute_error"), ("classes", labels, loss),
):
    found = permutation_importance(
        models[task], X, target, scoring=scoring, n_repeats=400, random_state=1
    )
    importances.append({
        "task": task, "means": found.importances_mean.tolist(),
        "deviations": found.importances_std.tolist(),
    })

FIXTURE.write_text(json.dumps({
    "X": X.tolist(), "y": y.tolist(), "labels": labels.tolist(), "weight": weight.tolist(),
    "dependences": dependences, "importances": importances,
}) + "\n")
