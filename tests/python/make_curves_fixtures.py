"""Writes tests/metrics/fixtures/curves.json: curves, weighted scores, agreement and intervals
by scikit-learn and SciPy."""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import metrics

FIXTURE = Path(__file__).parents[1] / "metrics" / "fixtures" / "curves.json"


def finite(values):
    """Infinity is not JSON; the first threshold of a ROC curve is written as null."""
    return [float(v) if np.isfinite(v) else None for v in values]


def curve_case(name, y, scores, weight=None):
    expected = {"roc": [], "precisionRecall": []}
    for drop in (False, True):
        fpr, tpr, cuts = metrics.roc_curve(y, scores, sample_weight=weight, drop_intermediate=drop)
        expected["roc"].append(
            {"drop": drop, "falsePositiveRate": fpr.tolist(), "truePositiveRate": tpr.tolist(),
             "thresholds": finite(cuts)}
        )
        precision, recall, cuts = metrics.precision_recall_curve(
            y, scores, sample_weight=weight, drop_intermediate=drop
        )
        expected["precisionRecall"].append(
            {"drop": drop, "precision": precision.tolist(), "recall": recall.tolist(),
             "thresholds": finite(cuts)}
        )
    both = np.column_stack([1 - scores, scores])
    expected["scores"] = {
        "rocAuc": metrics.roc_auc_score(y, scores, sample_weight=weight),
        "averagePrecision": metrics.average_precision_score(y, scores, sample_weight=weight),
        "brier": metrics.brier_score_loss(y, scores, sample_weight=weight),
        "logLoss": metrics.log_loss(y, both, sample_weight=weight),
    }
    cuts = np.unique(scores)
    costs = []
    for cut in [np.inf, *cuts[::-1]]:
        cells = metrics.confusion_matrix(y, scores >= cut, sample_weight=weight)
        # True negatives cost 0, false positives 1, false negatives 5, true positives −0.5.
        costs.append(float((cells * [[0, 1], [5, -0.5]]).sum() / cells.sum()))
    expected["costs"] = costs
    return {
        "name": name,
        "yTrue": y.tolist(),
        "scores": scores.tolist(),
        "weight": None if weight is None else weight.tolist(),
        "expected": expected,
    }


def agreement_case(name, y_true, y_pred, classes):
    labels = list(range(classes))
    return {
        "name": name,
        "confusion": metrics.confusion_matrix(y_true, y_pred, labels=labels).tolist(),
        "balancedAccuracy": metrics.balanced_accuracy_score(y_true, y_pred),
        "matthews": metrics.matthews_corrcoef(y_true, y_pred),
        "kappa": {
            weights: metrics.cohen_kappa_score(
                y_true, y_pred, labels=labels, weights=None if weights == "none" else weights
            )
            for weights in ("none", "linear", "quadratic")
        },
    }


def bootstrap_case(random):
    y = np.repeat([0, 1], [300, 60])
    scores = np.round(random.normal(size=360) + y, 2)
    right = (scores > 0.5) == y

    def auc(rows):
        return metrics.roc_auc_score(y[rows], scores[rows])

    rows = np.arange(360)
    found = stats.bootstrap(
        (rows,), auc, n_resamples=9999, method="percentile", vectorized=False, random_state=0
    )
    # The number of right rows in a resample is binomial, in each class if those are kept apart:
    # what infinitely many resamples give.
    share = right.mean()
    accuracy = stats.binom(360, share)
    recalls = [right[y == k].mean() for k in (0, 1)]
    variance = sum(r * (1 - r) / n for r, n in zip(recalls, (300, 60))) / 4
    return {
        "yTrue": y.tolist(),
        "scores": scores.tolist(),
        "right": right.astype(int).tolist(),
        "auc": {
            "low": found.confidence_interval.low,
            "high": found.confidence_interval.high,
            "standardError": float(found.standard_error),
        },
        "accuracy": {
            "low": accuracy.ppf(0.05) / 360,
            "high": accuracy.ppf(0.95) / 360,
            "standardError": accuracy.std() / 360,
        },
        "balancedAccuracyError": float(np.sqrt(variance)),
    }


def main():
    random = np.random.default_rng(7)
    y = random.integers(0, 2, 60)
    continuous = np.clip(0.3 * y + 0.7 * random.random(60), 0.01, 0.99)
    tied = np.clip(np.round(continuous * 7) / 7, 0.01, 0.99)
    weight = random.integers(0, 5, 60) / 4
    three = random.choice(3, 80)
    noisy = np.where(random.random(80) < 0.7, three, random.integers(0, 3, 80))
    fixture = {
        "curves": [
            curve_case("continuous scores", y, continuous),
            curve_case("tied scores", y, tied),
            curve_case("one score for all", y, np.full(60, 0.5)),
            curve_case("weighted rows, some without weight", y, tied, weight),
        ],
        "agreement": [
            agreement_case("three noisy classes", three, noisy, 3),
            agreement_case("a class that is never predicted", [0, 0, 1, 2, 2], [0, 0, 1, 1, 0], 3),
            agreement_case("a predicted class without rows", [0, 0, 1, 1], [0, 2, 1, 1], 3),
            agreement_case("all wrong", [0, 1], [1, 0], 2),
            agreement_case("one class predicted", [0, 1, 1], [1, 1, 1], 2),
        ],
        "bootstrap": bootstrap_case(random),
    }
    FIXTURE.write_text(json.dumps(fixture, indent=2) + "\n")


if __name__ == "__main__":
    main()
