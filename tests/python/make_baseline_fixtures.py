"""Writes tests/learners/fixtures/baselines.json: scikit-learn's dummies, neighbours and extra trees.

    .venv/bin/python tests/python/make_baseline_fixtures.py

Extra trees draw their cuts by chance: of them the mean score over ten seeds is kept, and how far
single seeds lie from it.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "baselines.json"
random = np.random.default_rng(5)
ROWS, LEARNED = 900, 600
X = np.round(random.normal(0, 1, (ROWS, 6)), 3).astype(np.float32)
X[:, 4] = random.integers(0, 4, ROWS)
score = X[:, 0] + X[:, 1] * X[:, 2] + (X[:, 4] == 2)
labels = np.digitize(score + random.normal(0, 0.5, ROWS), [-0.5, 0.8])
values = np.round(score * 10 + random.normal(0, 3, ROWS) + 50, 3)
X[random.random((ROWS, 6)) < 0.03] = np.nan
weight = np.round(random.random(ROWS) * 2, 3).astype(np.float32)
weight[::9] = 0
train, test = slice(0, LEARNED), slice(LEARNED, None)


def spread(scores):
    return {"mean": float(np.mean(scores)), "deviation": float(np.std(scores, ddof=1))}


def extra(classes, criterion, **params):
    scores = []
    for seed in range(10):
        if classes:
            model = ExtraTreesClassifier(100, criterion=criterion, random_state=seed, **params)
            model.fit(X[train], labels[train])
            scores.append(log_loss(labels[test], np.clip(model.predict_proba(X[test]), 1e-6, 1)))
        else:
            model = ExtraTreesRegressor(100, random_state=seed, **params)
            model.fit(X[train], values[train])
            scores.append(mean_squared_error(values[test], model.predict(X[test])) ** 0.5)
    return spread(scores)


dummies = []
for weighted in (False, True):
    w = weight[train] if weighted else None
    for strategy in ("prior", "most_frequent", "uniform"):
        model = DummyClassifier(strategy=strategy).fit(X[train], labels[train], w)
        dummies.append({"task": "classes", "weighted": weighted, "strategy": strategy,
                        "said": model.predict_proba(X[:1])[0].tolist()})
    for strategy, quantile in (("mean", None), ("median", None), ("quantile", 0.9)):
        model = DummyRegressor(strategy=strategy, quantile=quantile).fit(X[train], values[train], w)
        dummies.append({"task": "regression", "weighted": weighted, "strategy": strategy,
                        "quantile": quantile, "said": float(model.predict(X[:1])[0])})



def neighbours(classes, k):
    """Rows whose k-th and next neighbour are apart: what rounding could exchange is left out."""
    scaled = make_pipeline(SimpleImputer(), StandardScaler()).fit(X[train])
    near, far = scaled.transform(X[train]), scaled.transform(X[test])
    model = (KNeighborsClassifier if classes else KNeighborsRegressor)(k)
    model.fit(near, (labels if classes else values)[train])
    distance, _ = model.kneighbors(far, k + 1)
    rows = np.flatnonzero(distance[:, -1] - distance[:, -2] > 1e-3)
    said = model.predict_proba(far) if classes else model.predict(far)
    return {"task": "classes" if classes else "regression", "k": k, "rows": rows.tolist(),
            "said": said[rows].tolist()}


FIXTURE.write_text(json.dumps({
    "X": [[None if np.isnan(v) else float(v) for v in row] for row in X],
    "labels": labels.tolist(), "values": values.tolist(), "weight": weight.tolist(),
    "learned": LEARNED,
    "dummies": dummies,
    "neighbours": [neighbours(True, 5), neighbours(True, 20), neighbours(False, 7)],
    "extra_trees": {
        "gini": extra(True, "gini", min_samples_leaf=5),
        "entropy": extra(True, "entropy", min_samples_leaf=5, bootstrap=True),
        "deep": extra(True, "gini", max_depth=6),
        "squared_error": extra(False, "squared_error", min_samples_leaf=5),
    },
}) + "\n")
