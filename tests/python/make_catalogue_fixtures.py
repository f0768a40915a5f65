"""Writes tests/metrics/fixtures/catalogue.json: every metric of the catalogue by scikit-learn and
SciPy, plain and weighted.

    .venv/bin/python tests/python/make_catalogue_fixtures.py && deno fmt tests/metrics/fixtures
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as m

FIXTURE = Path(__file__).parents[1] / "metrics" / "fixtures" / "catalogue.json"


def ks(y, score, w):
    fpr, tpr, _ = m.roc_curve(y, score, sample_weight=w, drop_intermediate=False)
    return np.max(np.abs(tpr - fpr))


def of_labels(y, labels, w):
    values = {
        "accuracy": m.accuracy_score(y, labels, sample_weight=w),
        "balanced_accuracy": m.balanced_accuracy_score(y, labels, sample_weight=w),
        "mcc": m.matthews_corrcoef(y, labels, sample_weight=w),
        "kappa": m.cohen_kappa_score(y, labels, sample_weight=w),
    }
    for average in ("macro", "weighted"):
        for name, score in (
            ("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)
        ):
            values[f"{name}_{average}"] = score(
                y, labels, average=average, sample_weight=w, zero_division=0
            )
    return values


def binary(name, y, p, positive, w=None):
    """`p` is the probability of class 1."""
    labels = (p > 0.5).astype(int)
    own = p if positive == 1 else 1 - p
    is_positive = (y == positive).astype(int)
    values = of_labels(y, labels, w) | {
        "precision": m.precision_score(y, labels, pos_label=positive, sample_weight=w),
        "recall": m.recall_score(y, labels, pos_label=positive, sample_weight=w),
        "f1": m.f1_score(y, labels, pos_label=positive, sample_weight=w),
        "roc_auc": m.roc_auc_score(is_positive, own, sample_weight=w),
        "roc_auc_weighted": m.roc_auc_score(is_positive, own, sample_weight=w),
        "average_precision": m.average_precision_score(is_positive, own, sample_weight=w),
        "ks": ks(is_positive, own, w),
        "log_loss": m.log_loss(y, p, sample_weight=w),
        "brier": m.brier_score_loss(is_positive, own, sample_weight=w),
    }
    return case(name, "binary", y, w, values, labels=labels, classes=2, positive=positive,
                probabilities=np.stack([1 - p, p]).ravel())


def multiclass(name, y, p, w=None, absent=None):
    labels = p.argmax(axis=1)
    classes = range(p.shape[1])
    values = of_labels(y, labels, w) | {
        "roc_auc_weighted": m.roc_auc_score(
            y, p, multi_class="ovr", average="weighted", labels=classes, sample_weight=w
        ),
        "log_loss": m.log_loss(y, p, labels=classes, sample_weight=w),
        "brier": m.brier_score_loss(y, p, labels=classes, sample_weight=w),
    }
    if absent is None:
        values["roc_auc"] = m.roc_auc_score(y, p, multi_class="ovr", sample_weight=w)
    return case(name, "multiclass", y, w, values, labels=labels, classes=p.shape[1],
                probabilities=p.T.ravel())


def regression(name, y, p, w=None):
    return case(name, "regression", y, w, {
        "rmse": m.root_mean_squared_error(y, p, sample_weight=w),
        "mae": m.mean_absolute_error(y, p, sample_weight=w),
        "median_absolute_error": m.median_absolute_error(y, p, sample_weight=w),
        "mape": m.mean_absolute_percentage_error(y, p, sample_weight=w),
        "r2": m.r2_score(y, p, sample_weight=w),
        "pinball": [m.mean_pinball_loss(y, p, alpha=a, sample_weight=w) for a in (0.1, 0.5, 1.0)],
    }, predictions=p)


def counts(name, y, p, w=None):
    return case(name, "regression", y, w, {
        "poisson_deviance": m.mean_poisson_deviance(y, p, sample_weight=w),
        "tweedie": [m.mean_tweedie_deviance(y, p, power=q, sample_weight=w) for q in (1.2, 1.9)],
    }, predictions=p)


def case(name, task, y, w, values, **given):
    arrays = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in given.items()}
    if w is not None:
        arrays["sampleWeight"] = w.tolist()
    return {"name": name, "task": task, "input": {"yTrue": y.tolist(), **arrays}, "values": values}


def main():
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 120)
    p = np.clip(0.35 * y + 0.65 * rng.random(120), 0, 1)
    w = rng.integers(0, 4, 120).astype(float)
    y3 = rng.choice(3, 150, p=[0.2, 0.5, 0.3])
    logits = rng.normal(size=(150, 3)) + 1.2 * np.eye(3)[y3]
    p3 = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    w3 = rng.random(150)
    logits4 = rng.normal(size=(150, 4)) + 1.2 * np.eye(4)[y3]
    p4 = np.exp(logits4) / np.exp(logits4).sum(axis=1, keepdims=True)
    target = rng.normal(10, 4, 101)
    guess = target + rng.normal(0, 2, 101)
    wide = np.concatenate([target[:60], [0.0, 1e-20, -3e9, 4e9]])
    wide_guess = wide + rng.normal(0, 2, 64)
    # Drawn apart, so that the others stay what they were.
    drawn = np.random.default_rng(4)
    mean = drawn.uniform(0.2, 6, 80)
    many = drawn.poisson(mean).astype(float)
    FIXTURE.write_text(json.dumps([
        binary("two classes", y, p, 1),
        binary("two classes, the other one positive", y, p, 0),
        binary("two classes, weighted", y, p, 1, w),
        binary("tied scores, weighted", y, np.round(p * 6) / 6, 1, w),
        multiclass("three classes", y3, p3),
        multiclass("three classes, weighted", y3, p3, w3),
        multiclass("a class without rows", y3, p4, absent=3),
        multiclass("a class without rows, weighted", y3, p4, w3, absent=3),
        regression("numbers", target, guess),
        regression("an even number of numbers", target[:60], guess[:60]),
        regression("numbers, weighted", target, guess, rng.random(101)),
        regression("whole weights, some 0", target, guess, rng.integers(0, 3, 101).astype(float)),
        regression("targets of 0 and far away", wide, wide_guess),
        regression("equal targets", np.full(5, 2.5), np.array([2.5, 2.0, 3.0, 2.5, 2.5])),
        regression("equal targets, found", np.full(5, 2.5), np.full(5, 2.5)),
        counts("counts", many, mean),
        counts("counts, weighted", many, mean, rng.integers(0, 3, 80).astype(float)),
    ]) + "\n")


if __name__ == "__main__":
    main()
