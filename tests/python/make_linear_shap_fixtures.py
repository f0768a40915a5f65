"""Writes tests/explain/fixtures/linear_shap.json: scikit-learn's linear models, some rows, and the
values that the shap package gives them with independent features."""

import json
from pathlib import Path

import numpy as np
import shap
from sklearn.linear_model import LinearRegression, LogisticRegression

FIXTURE = Path(__file__).parents[1] / "explain" / "fixtures" / "linear_shap.json"

rng = np.random.default_rng(5)
X = rng.normal(size=(200, 4)).astype(np.float32) * [1, 10, 0.1, 3]
score = X @ [1.0, 0.05, -4.0, 0.0]
cases = []
for name, model, y in (
    ("a number", LinearRegression(), score + rng.normal(size=200)),
    ("two classes", LogisticRegression(), (score > 0).astype(int)),
    ("three classes", LogisticRegression(), np.digitize(score, [-0.5, 0.5])),
):
    model.fit(X, y)
    rows = X[:12]
    background = shap.maskers.Independent(X, max_samples=len(X))
    explained = shap.LinearExplainer(model, background)(rows)
    values, expected = np.array(explained.values), np.atleast_1d(explained.base_values[0])
    values = values[..., None] if values.ndim == 2 else values
    centre = X.mean(axis=0, dtype=np.float64)
    coefficients = np.atleast_2d(model.coef_)
    intercepts = np.atleast_1d(model.intercept_) + coefficients @ centre
    cases.append({
        "name": name,
        "model": {
            "centre": centre.tolist(),
            "coefficients": coefficients.ravel().tolist(),
            "intercepts": intercepts.tolist(),
        },
        "X": rows.tolist(),
        # Output by output and feature by feature, as ours are.
        "values": values.transpose(2, 1, 0).ravel().tolist(),
        "expected": expected.tolist(),
    })
FIXTURE.write_text(json.dumps({"cases": cases}) + "\n")
