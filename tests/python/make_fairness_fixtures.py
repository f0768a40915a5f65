"""Writes tests/metrics/fixtures/fairness.json: decisions on groups as Fairlearn compares them.

Needs fairlearn 0.15.0 beside the packages of requirements.txt.
"""

import json
from pathlib import Path

import numpy as np
from fairlearn import metrics
from sklearn.metrics import accuracy_score

FIXTURE = Path(__file__).parents[1] / "metrics" / "fixtures" / "fairness.json"

RATES = {
    "rows": metrics.count,
    "baseRate": lambda y_true, y_pred: float(np.mean(y_true)),
    "selectionRate": metrics.selection_rate,
    "truePositiveRate": metrics.true_positive_rate,
    "falsePositiveRate": metrics.false_positive_rate,
    "accuracy": accuracy_score,
}


def case(name, y_true, y_pred, groups):
    frame = metrics.MetricFrame(
        metrics=RATES, y_true=y_true, y_pred=y_pred, sensitive_features=groups
    )
    given = {"y_true": y_true, "y_pred": y_pred, "sensitive_features": groups}
    return {
        "name": name,
        "yTrue": y_true.tolist(),
        "yPred": y_pred.tolist(),
        "groups": groups.tolist(),
        "expected": {
            "groups": [
                {"group": group, **{key: float(value) for key, value in row.items()}}
                for group, row in frame.by_group.iterrows()
            ],
            "demographicParityDifference": metrics.demographic_parity_difference(**given),
            "demographicParityRatio": metrics.demographic_parity_ratio(**given),
            "equalOpportunityDifference": metrics.equal_opportunity_difference(**given),
            "equalizedOddsDifference": metrics.equalized_odds_difference(**given),
        },
    }


def main():
    random = np.random.default_rng(11)
    groups = random.choice(["under 30", "30 to 60", "over 60"], 150, p=[0.3, 0.5, 0.2])
    y = (random.random(150) < np.where(groups == "over 60", 0.3, 0.6)).astype(int)
    fair = np.where(random.random(150) < 0.8, y, 1 - y)
    biased = np.where((groups == "under 30") & (random.random(150) < 0.5), 0, fair)
    numbers = random.integers(0, 12, 150)
    fixture = [
        case("three groups alike", y, fair, groups),
        case("a group selected less", y, biased, groups),
        case("many numbered groups", y, fair, numbers),
        case("one group", y, fair, np.zeros(150, dtype=int)),
    ]
    FIXTURE.write_text(json.dumps(fixture, indent=2) + "\n")


if __name__ == "__main__":
    main()
