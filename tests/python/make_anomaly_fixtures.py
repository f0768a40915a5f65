"""Writes tests/anomaly/fixtures/detectors.json: detectors of scikit-learn and pyod on made-up rows.

In an environment with tests/python/requirements-anomaly.txt:

    python tests/python/make_anomaly_fixtures.py

`trees` is a small isolation forest of scikit-learn node by node, so that its scores can be
computed again; `forest` the mean and the spread of scores over 30 seeds; `ecod` pyod's ECOD,
`neighbours` the distance to the fifth of scikit-learn's neighbours.
"""

import json
from pathlib import Path

import numpy as np
from pyod.models.ecod import ECOD
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import NearestNeighbors

random = np.random.default_rng(7)
usual = np.column_stack(
    [
        random.normal(0, 1, 380),
        random.lognormal(0, 0.6, 380),
        -random.gamma(2, 1, 380),
        random.integers(0, 6, 380),
    ]
)
unusual = np.column_stack(
    [
        random.normal(0, 3, 20),
        random.lognormal(1.4, 0.6, 20),
        -random.gamma(6, 1, 20),
        random.integers(0, 9, 20),
    ]
)
X = np.round(np.vstack([usual, unusual]), 3).astype(np.float32)
y = np.r_[np.zeros(380), np.ones(20)].astype(int)
order = random.permutation(400)
X, y = X[order], y[order]


def rounded(values, digits=9):
    return [round(float(value), digits) for value in values]


small = IsolationForest(n_estimators=10, random_state=3).fit(X)
trees = [
    {
        "feature": [int(f) for f in t.tree_.feature],
        "threshold": [float(v) for v in t.tree_.threshold],
        "left": [int(v) for v in t.tree_.children_left],
        "right": [int(v) for v in t.tree_.children_right],
        "rows": [int(v) for v in t.tree_.n_node_samples],
    }
    for t in small.estimators_
]
seeds = np.array(
    [-IsolationForest(n_estimators=100, random_state=s).fit(X).score_samples(X) for s in range(30)]
)
ecod = ECOD().fit(X.astype(np.float64)).decision_scores_
scaled = (X - X.mean(axis=0, dtype=np.float64)) / X.std(axis=0, dtype=np.float64)
distances, _ = NearestNeighbors(n_neighbors=6).fit(scaled).kneighbors(scaled)

fixture = {
    "rows": [[round(float(v), 3) for v in row] for row in X],
    "labels": y.tolist(),
    "trees": trees,
    "treeScores": rounded(-small.score_samples(X)),
    "forest": {"mean": rounded(seeds.mean(axis=0), 6), "spread": rounded(seeds.std(axis=0), 6)},
    "forestAuc": rounded([roc_auc_score(y, s) for s in seeds], 6),
    "ecod": rounded(ecod),
    "ecodAuc": roc_auc_score(y, ecod),
    "ecodPrecision": average_precision_score(y, ecod),
    "neighbours": {
        "largest": rounded(distances[:, 5]),
        "mean": rounded(distances[:, 1:].mean(axis=1)),
    },
}
path = Path(__file__).parents[1] / "anomaly" / "fixtures" / "detectors.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
