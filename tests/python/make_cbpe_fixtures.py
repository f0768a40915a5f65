"""Writes tests/drift/fixtures/cbpe.json: reference and later rows, and what NannyML's CBPE says.

Two classes whose scores need calibration, and three whose predicted class is the most probable.
NannyML brings many packages: install tests/python/requirements-nannyml.txt in an environment of its
own and run this script with its Python."""

import json
from pathlib import Path

import nannyml
import numpy as np
import pandas as pd

nannyml.disable_usage_logging()
METRICS = ["roc_auc", "average_precision", "accuracy", "f1", "precision", "recall", "specificity"]
ROWS, CHUNKS, LATER = 2000, 10, 600


def two_classes(rng, rows, shift):
    truth = 1 / (1 + np.exp(-rng.normal(shift - 0.5, 1.5, rows)))
    # Too sure of itself, so that calibration is needed.
    score = np.round(truth**2.2, 4)
    return (rng.random(rows) < truth).astype(int), (score > 0.4).astype(int), [1 - score, score]


def three_classes(rng, rows, shift):
    logits = rng.normal([0.6 + shift, 0, -0.4], 1.2, (rows, 3))
    odds = np.exp(logits)
    truth = odds / odds.sum(1, keepdims=True)
    labels = (rng.random(rows)[:, None] > truth.cumsum(1)).sum(1)
    sharp = truth**1.7
    scores = np.round(sharp / sharp.sum(1, keepdims=True), 4)
    scores[:, 2] = np.round(1 - scores[:, 0] - scores[:, 1], 4)
    return labels, scores.argmax(1), list(scores.T)


def frame(labels, predicted, probabilities):
    columns = {f"p{k}": values for k, values in enumerate(probabilities)}
    return pd.DataFrame({"label": labels, "predicted": predicted, **columns})


def case(name, make, classes):
    rng = np.random.default_rng(7)
    np.random.seed(7)
    reference = make(rng, ROWS, 0)
    later = make(rng, LATER, 0.8)
    two = classes == 2
    estimator = nannyml.CBPE(
        metrics=METRICS,
        y_pred_proba="p1" if two else {str(k): f"p{k}" for k in range(classes)},
        y_pred="predicted",
        y_true="label",
        problem_type="classification_binary" if two else "classification_multiclass",
        chunk_number=CHUNKS,
    )
    as_text = (lambda data: data) if two else (
        lambda data: data.assign(label=data.label.astype(str), predicted=data.predicted.astype(str))
    )
    estimator.fit(as_text(frame(*reference)))
    estimator.chunker = nannyml.chunk.CountBasedChunker(chunk_number=1)
    result = estimator.estimate(as_text(frame(*later)))
    row = result.filter(period="analysis").to_df().iloc[-1]
    return {
        "name": name,
        "classes": classes,
        "reference": rows_of(reference),
        "later": rows_of(later),
        "expected": {
            metric: {
                "value": float(row[metric, "value"]),
                "error": float(row[metric, "sampling_error"]),
                "realized": float(row[metric, "realized"]),
                "lower": float(row[metric, "lower_threshold"]),
                "upper": float(row[metric, "upper_threshold"]),
                "alert": bool(row[metric, "alert"]),
            }
            for metric in METRICS
        },
    }


def rows_of(data):
    labels, predicted, probabilities = data
    shown = probabilities[1:] if len(probabilities) == 2 else probabilities
    return {
        "labels": "".join(map(str, labels)),
        "predicted": "".join(map(str, predicted)),
        # Ten-thousandths, one text for each class: short lines of the formatter would be thousands.
        "probabilities": [" ".join(str(round(1e4 * p)) for p in values) for values in shown],
    }


cases = [case("two classes", two_classes, 2), case("three classes", three_classes, 3)]
path = Path(__file__).parents[1] / "drift" / "fixtures" / "cbpe.json"
path.write_text(json.dumps(cases, indent=2) + "\n")
