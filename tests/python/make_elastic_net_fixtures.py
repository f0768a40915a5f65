"""Writes tests/learners/fixtures/elastic_net.json: scikit-learn's elastic nets and lassos.

    .venv/bin/python tests/python/make_elastic_net_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import ElasticNet

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "elastic_net.json"
random = np.random.default_rng(2)
ROWS = 200
X = random.normal(0, 1, (ROWS, 8)).astype(np.float32)
X[:, 1] = X[:, 0] + 0.1 * X[:, 1]  # nearly the same column twice
X[:, 2] = 5 * X[:, 2] + 100
X[:, 3] = random.integers(0, 2, ROWS)
X[:, 7] = 4
y = np.round(3 * X[:, 0] - 0.5 * X[:, 2] + 2 * X[:, 3] + random.normal(0, 1, ROWS) + 1000, 4)
weight = np.round(random.random(ROWS) * 3, 3).astype(np.float32)
weight[:10] = 0

cases = []
for alpha, ratio, weighted in [
    (0.01, 0.5, False), (0.1, 1.0, False), (0.5, 0.2, True), (0.1, 0.0, False), (1.0, 1.0, True),
    (1000.0, 0.5, False),
]:
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=1_000_000)
    model.fit(X.astype(float), y, weight if weighted else None)
    cases.append({"alpha": alpha, "l1Ratio": ratio, "weighted": weighted,
                  "coefficients": model.coef_.tolist(),
                  "predicted": model.predict(X.astype(float)).tolist()})
FIXTURE.write_text(json.dumps({
    "X": [[float(v) for v in row] for row in X], "y": y.tolist(), "weight": weight.tolist(),
    "cases": cases,
}) + "\n")
