"""Writes tests/drift/fixtures/evidently.json: Evidently's verdicts on public data, split in ways.

    python make_evidently_fixtures.py FOLDER

FOLDER holds credit-score/train.csv, credit-risk/credit_risk_dataset.csv and pima/diabetes.csv.
Only verdicts are written, no data. Evidently does not run with pandas 3: install
tests/python/requirements-evidently.txt in an environment of its own and run this with its Python.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from evidently import Dataset, Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType
from evidently.presets import DataDriftPreset

FIXTURE = Path(__file__).parents[1] / "drift" / "fixtures" / "evidently.json"
KINDS = [ColumnType.Numerical, ColumnType.Categorical]

# A split names the rows of each side: those with a value, those up to or above one, or a range.
DATA = [
    ("credit-score/train.csv", ",", [
        {"reference": [0, 6000], "current": [6000, 12500]},
        {"reference": [0, 900], "current": [900, 2000]},
        {"reference": [0, 5000], "current": [12000, 12100]},
        {"column": "Credit_Score", "reference": ["Standard", "Good"], "current": ["Poor"]},
        {"column": "Payment_of_Min_Amount", "reference": ["Yes"], "current": ["No", "NM"]},
        {"column": "Interest_Rate", "at": 15},
    ]),
    ("credit-risk/credit_risk_dataset.csv", ";", [
        {"reference": [0, 14000], "current": [14000, 28638]},
        {"reference": [0, 700], "current": [700, 1500]},
        {"reference": [0, 900], "current": [2000, 20000]},
        {"column": "person_home_ownership", "reference": ["Mortgage", "Own"], "current": ["Rent"]},
        {"column": "loan_grade", "reference": ["A", "B"], "current": ["C", "D", "E"]},
        {"column": "person_age", "at": 26},
    ]),
    ("pima/diabetes.csv", ",", [
        {"reference": [0, 400], "current": [400, 768]},
        {"column": "Outcome", "at": 0},
        {"column": "Age", "at": 29},
        {"column": "Pregnancies", "at": 3},
    ]),
]


def take(table, split):
    if "at" in split:
        return table[table[split["column"]] <= split["at"]], table[table[split["column"]] > split["at"]]
    if "column" in split:
        return [table[table[split["column"]].isin(split[side])] for side in ("reference", "current")]
    return [table.iloc[slice(*split[side])] for side in ("reference", "current")]


def verdicts(reference, current):
    definition = Dataset.from_pandas(current)._data_definition
    kinds = {kind: list(definition.get_columns([kind])) for kind in KINDS}
    names = [name for kind in KINDS for name in kinds[kind]]
    found = Report([DataDriftPreset(columns=names)]).run(current_data=current, reference_data=reference)
    counted, *drifts = found.dict()["metrics"]
    reported = {drift["config"]["column"]: float(drift["value"]) for drift in drifts}
    columns = []
    for kind, names_of_kind in kinds.items():
        for name in names_of_kind:
            r, c = [side[name].replace([-np.inf, np.inf], np.nan).dropna() for side in (reference, current)]
            test = get_stattest(r, c, kind, None)
            result = test(r, c, kind, None)
            assert np.isclose(result.drift_score, reported[name], rtol=1e-9, atol=1e-12), name
            columns.append({
                "column": name,
                "test": test.name,
                "score": reported[name],
                "threshold": result.actual_threshold,
                "drifted": bool(result.drifted),
            })
    value = counted["value"]
    return {"columns": columns, "drifted_columns": int(value["count"]), "share": value["share"],
            "drifted": bool(value["share"] >= counted["config"]["drift_share"])}


def main(folder):
    warnings.simplefilter("ignore")
    cases = []
    for file, separator, splits in DATA:
        table = pd.read_csv(Path(folder) / file, sep=separator, low_memory=False, float_precision="round_trip")
        for split in splits:
            cases.append({"file": file, "separator": separator, "split": split,
                          "expected": verdicts(*take(table, split))})
    FIXTURE.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
