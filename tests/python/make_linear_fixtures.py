"""Writes what scikit-learn's linear models and calibrations make of small data sets, for tests/learners.

    .venv/bin/python tests/python/make_linear_fixtures.py && deno fmt tests/learners/fixtures
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

OUT = Path(__file__).parents[1] / "learners" / "fixtures"


def columns(rows, rng):
    """Columns of very different scale and place, a one-hot group, a constant."""
    group = rng.integers(0, 3, rows)
    return np.column_stack([
        rng.normal(size=rows).round(4),
        np.round(40_000 + 15_000 * rng.normal(size=rows)),
        2000 + rng.integers(0, 25, rows),
        np.eye(3)[group],
        np.full(rows, 7),
        (0.001 * rng.normal(size=rows)).round(6),
    ]).astype(np.float32).astype(float)


def shifted(X):
    return (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-9)


def logistic(rng):
    X = columns(250, rng)
    Z = shifted(X)
    latent = np.column_stack([
        Z[:, 0] + Z[:, 1], Z[:, 2] - Z[:, 3], 0.5 * Z[:, 4] - Z[:, 0], 0.3 * Z[:, 1]
    ]) + rng.gumbel(size=(250, 4))
    y = latent.argmax(axis=1)
    weight = rng.integers(1, 5, 250)
    fits = []
    for name, classes, C, class_weight, weighted in (
        ("two classes", 2, 1.0, None, False),
        ("two classes, weak penalty, weighted", 2, 100.0, None, True),
        ("two classes, balanced", 2, 0.1, "balanced", False),
        ("four classes", 4, 1.0, None, False),
        ("four classes, strong penalty", 4, 0.001, None, True),
        ("four classes, balanced and weighted", 4, 1.0, "balanced", True),
        ("four classes, own weights", 4, 1.0, [1.0, 2.0, 0.5, 3.0], False),
    ):
        labels = y % classes
        # Standardised for scikit-learn's solver, which otherwise does not arrive; the penalty of
        # the raw columns' coefficients is had by handing it columns scaled back: newton-cg does.
        model = LogisticRegression(
            C=C, solver="newton-cg", tol=1e-12, max_iter=10_000,
            class_weight=dict(enumerate(class_weight)) if isinstance(class_weight, list) else class_weight,
        )
        centre = X.mean(axis=0)
        model.fit(X - centre, labels, sample_weight=weight if weighted else None)
        fits.append({
            "name": name, "classes": classes, "C": C, "classWeight": class_weight,
            "weighted": weighted, "coefficients": model.coef_.tolist(),
            "intercepts": (model.intercept_ - model.coef_ @ centre).tolist(),
            "proba": model.predict_proba(X[:20] - centre).tolist(),
        })
    return {"X": X.tolist(), "y": y.tolist(), "weight": weight.tolist(), "fits": fits}


def sparse_logistic(rng):
    """Fits with an L1 penalty, of columns near one scale, where saga arrives."""
    X = rng.normal(size=(200, 8)).round(3) * np.array([1, 1, 1, 2, 0.5, 1, 1, 1]) + np.arange(8)
    X = X.astype(np.float32).astype(float)
    Z = X - np.arange(8)
    latent = np.column_stack([
        1.5 * Z[:, 0] - Z[:, 1], 0.8 * Z[:, 3], Z[:, 1] + 0.5 * Z[:, 4]
    ]) + rng.gumbel(size=(200, 3))
    y = latent.argmax(axis=1)
    weight = rng.integers(1, 4, 200)
    fits = []
    for classes, C, ratio, weighted in (
        (2, 0.1, 1.0, False), (2, 1.0, 0.5, True), (2, 0.02, 0.9, False),
        (3, 0.1, 1.0, False), (3, 0.5, 0.3, True),
    ):
        labels = y % classes
        model = LogisticRegression(
            C=C, l1_ratio=ratio, solver="saga", tol=1e-13, max_iter=200_000, random_state=1
        )
        centre = X.mean(axis=0)
        model.fit(X - centre, labels, sample_weight=weight if weighted else None)
        fits.append({
            "classes": classes, "C": C, "l1Ratio": ratio, "weighted": weighted,
            "coefficients": model.coef_.tolist(),
            "intercepts": (model.intercept_ - model.coef_ @ centre).tolist(),
            "proba": model.predict_proba(X[:20] - centre).tolist(),
        })
    return {"X": X.tolist(), "y": y.tolist(), "weight": weight.tolist(), "fits": fits}


def least_squares(rng):
    X = columns(300, rng)
    y = shifted(X) @ rng.normal(size=X.shape[1]) + rng.normal(size=300)
    weight = rng.integers(0, 4, 300)
    fits = []
    for name, alpha, weighted in (
        ("plain", 0, False), ("weighted", 0, True), ("ridge", 2.5, False), ("weighted ridge", 300, True)
    ):
        # Its own tolerance of 1e-6 would drop the column that varies least.
        model = LinearRegression(tol=1e-13) if alpha == 0 else Ridge(alpha=alpha, solver="svd")
        model.fit(X, y, sample_weight=weight if weighted else None)
        fits.append({
            "name": name, "alpha": alpha, "weighted": weighted,
            "coefficients": model.coef_.tolist(), "intercept": float(model.intercept_),
        })
    return {"X": X.tolist(), "y": y.tolist(), "weight": weight.tolist(), "fits": fits}


class Scores(ClassifierMixin, BaseEstimator):
    """A classifier that gives back the scores it is shown."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X):
        return X if X.shape[1] > 1 else X[:, 0]

    def predict(self, X):
        return self.classes_[X.argmax(axis=1) if X.shape[1] > 1 else (X[:, 0] > 0).astype(int)]


def calibration(rng):
    cases = []
    for name, classes, scale, weighted in (
        ("two classes, shares", 2, None, False),
        ("two classes, wide log odds, weighted", 2, 40.0, True),
        ("three classes, log odds", 3, 2.0, False),
        ("four classes, coarse shares, weighted", 4, None, True),
    ):
        rows = 200
        y = rng.integers(0, classes, rows)
        latent = rng.normal(size=(rows, classes)) + 1.2 * np.eye(classes)[y]
        if scale is None:
            scores = np.exp(1.5 * latent) / np.exp(1.5 * latent).sum(axis=1, keepdims=True)
            scores = scores.round(2)
        else:
            scores = scale * latent
        scores = scores[:, 1:] if classes == 2 else scores
        scores = scores.astype(np.float32).astype(float)
        weight = rng.integers(0, 4, rows).astype(float) if weighted else None
        asked = np.concatenate([scores[:60], 1.5 * scores[:20] - 0.3]).astype(np.float32).astype(float)
        case = {
            "name": name, "classes": classes, "scores": scores.tolist(), "y": y.tolist(),
            "weight": None if weight is None else weight.tolist(), "asked": asked.tolist(),
        }
        for method in ("sigmoid", "isotonic"):
            frozen = FrozenEstimator(Scores().fit(scores, y))
            model = CalibratedClassifierCV(frozen, method=method)
            model.fit(scores, y, sample_weight=weight)
            case[method] = model.predict_proba(asked).tolist()
        cases.append(case)
    x = rng.integers(0, 30, 80)
    t = np.round(0.1 * x + rng.normal(size=80), 3)
    w = rng.integers(0, 3, 80)
    line = IsotonicRegression(out_of_bounds="clip").fit(x, t, sample_weight=w)
    return {
        "cases": cases,
        "isotonic": {
            "x": x.tolist(), "y": t.tolist(), "weight": w.tolist(),
            "places": line.X_thresholds_.tolist(), "values": line.y_thresholds_.tolist(),
        },
    }


def main():
    warnings.simplefilter("error")
    # The estimator is frozen: that the weights do not reach it is as it should be.
    warnings.filterwarnings("ignore", message="Since FrozenEstimator does not")
    rng = np.random.default_rng(11)
    fixture = {
        "logistic": logistic(rng), "leastSquares": least_squares(rng), "calibration": calibration(rng),
        "sparse": sparse_logistic(np.random.default_rng(12)),
    }
    (OUT / "linear.json").write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main()
