"""Writes tests/metrics/fixtures/metrics.json: small problems scored by scikit-learn and SciPy."""

import json
from pathlib import Path

import numpy as np
from scipy.stats import ks_2samp
from sklearn import metrics
from sklearn.calibration import calibration_curve

FIXTURE = Path(__file__).parents[1] / "metrics" / "fixtures" / "metrics.json"


def labels_case(name, y_true, y_pred, classes):
    expected = {
        "confusion": metrics.confusion_matrix(y_true, y_pred, labels=range(classes)).tolist(),
        "accuracy": metrics.accuracy_score(y_true, y_pred),
    }
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        y_true, y_pred, labels=range(classes), zero_division=0
    )
    expected["perClass"] = [
        {"precision": p, "recall": r, "f1": f, "support": int(s)}
        for p, r, f, s in zip(precision, recall, f1, support)
    ]
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = metrics.precision_recall_fscore_support(
            y_true, y_pred, average=average, zero_division=0
        )
        expected[average] = {"precision": p, "recall": r, "f1": f}
    return {
        "name": name,
        "classes": classes,
        "yTrue": np.asarray(y_true).tolist(),
        "yPred": np.asarray(y_pred).tolist(),
        "expected": expected,
    }


def scores_case(name, y_true, scores):
    expected = {
        "rocAuc": metrics.roc_auc_score(y_true, scores),
        "averagePrecision": metrics.average_precision_score(y_true, scores),
        "ks": ks_2samp(scores[y_true == 1], scores[y_true == 0], method="asymp").statistic,
        "brier": metrics.brier_score_loss(y_true, scores),
        "logLoss": metrics.log_loss(y_true, scores),
    }
    for strategy in ("uniform", "quantile"):
        observed, predicted = calibration_curve(y_true, scores, n_bins=10, strategy=strategy)
        expected[strategy] = {"observed": observed.tolist(), "predicted": predicted.tolist()}
    # Expected calibration error straight from its definition, for bins (0, 0.1], (0.1, 0.2] …
    bins = np.clip(np.ceil(scores * 10).astype(int), 1, 10)
    expected["calibrationError"] = sum(
        abs(scores[bins == b].mean() - y_true[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    )
    return {
        "name": name,
        "yTrue": y_true.tolist(),
        "scores": scores.tolist(),
        "expected": expected,
    }


def probabilities_case(name, y_true, probabilities):
    return {
        "name": name,
        "classes": probabilities.shape[1],
        "yTrue": y_true.tolist(),
        "probabilities": probabilities.T.ravel().tolist(),
        "expected": {
            "logLoss": metrics.log_loss(y_true, probabilities),
            "macro": metrics.roc_auc_score(y_true, probabilities, multi_class="ovr"),
            "weighted": metrics.roc_auc_score(
                y_true, probabilities, multi_class="ovr", average="weighted"
            ),
            "brier": metrics.brier_score_loss(y_true, probabilities, scale_by_half=False),
        },
    }


def main():
    random = np.random.default_rng(42)
    y = random.choice(3, 300, p=[0.3, 0.5, 0.2])
    noisy = np.where(random.random(300) < 0.7, y, random.integers(0, 3, 300))
    binary = random.integers(0, 2, 200)
    continuous = np.clip(0.3 * binary + 0.7 * random.random(200), 0, 1)
    tied = np.round(continuous * 7) / 7
    certain = random.choice([0.0, 1.0], 200)
    logits = random.normal(size=(300, 3)) + 1.5 * np.eye(3)[y]
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    hard = np.eye(3)[noisy]
    fixture = {
        "labels": [
            labels_case("three noisy classes", y, noisy, 3),
            labels_case("a class that is never predicted", [0, 0, 1, 2, 2], [0, 0, 1, 1, 0], 3),
            labels_case("a predicted class without rows", [0, 0, 1, 1], [0, 2, 1, 1], 3),
            labels_case("a class that is neither true nor predicted", [0, 0, 2], [0, 2, 2], 4),
            labels_case("one class only", [1, 1, 1], [1, 1, 1], 2),
            labels_case("all wrong", [0, 1], [1, 0], 2),
        ],
        "scores": [
            scores_case("continuous scores", binary, continuous),
            scores_case("tied scores", binary, tied),
            scores_case("certain scores", binary, certain),
            scores_case("one score for all", binary, np.full(200, 0.5)),
        ],
        "probabilities": [
            probabilities_case("three classes", y, softmax),
            probabilities_case("certain and at times wrong", y, hard),
        ],
    }
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(fixture, indent=2) + "\n")


if __name__ == "__main__":
    main()
