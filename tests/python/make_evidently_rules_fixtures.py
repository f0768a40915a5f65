"""Writes tests/drift/fixtures/evidently_rules.json: Evidently's verdicts on small made-up tables.

    python make_evidently_rules_fixtures.py

The tables lie on both sides of each constant by which Evidently decides: rows of the reference,
different numbers, different whole numbers with and without gaps, share of different texts, share of drifted columns.
Each column is a rule, so that the fixture stays small: value i of a side is
(start + i × step) mod modulus × scale, as a number or as a text; a 0 of "gaps" is missing. Evidently does not run with pandas
3: install tests/python/requirements-evidently.txt in an environment of its own.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from make_evidently_fixtures import verdicts

FIXTURE = Path(__file__).parents[1] / "drift" / "fixtures" / "evidently_rules.json"


def rule(kind, modulus, start=0, step=1, scale=1.0):
    return {"kind": kind, "modulus": modulus, "start": start, "step": step, "scale": scale}


def column(rule, rows):
    whole = (rule["start"] + np.arange(rows) * rule["step"]) % rule["modulus"]
    if rule["kind"] == "text":
        return [f"t{value}" for value in whole]
    values = whole * rule["scale"]
    if rule["kind"] == "gaps":
        return np.where(whole == 0, np.nan, values)
    return values.astype(int) if rule["kind"] == "whole" else values


def tables():
    shifted = lambda modulus, kind="number", scale=0.5, by=1: (  # noqa: E731
        rule(kind, modulus, scale=scale), rule(kind, modulus + by, scale=scale))
    for rows in (999, 1000, 1001, 1002):  # p-values up to 1,000 rows of the reference
        yield rows, 500, {"n": shifted(97, by=14), "c": shifted(4, "text"), "two": shifted(2, "text", by=0)}
    for different in (4, 5, 6, 7):  # different numbers in both samples, with halves among them
        yield 300, 200, {"n": shifted(different, by=0), "m": shifted(different - 1)}
        yield 2000, 700, {"n": shifted(different, by=0), "m": shifted(different - 1)}
    for different in (9, 10, 11, 12):  # different whole numbers of the current rows
        yield 400, 300, {"w": (rule("whole", different), rule("whole", different)),
                         "v": (rule("whole", different + 3), rule("whole", different))}
    yield 400, 300, {"g": (rule("gaps", 9), rule("gaps", 10)), "h": (rule("gaps", 8), rule("gaps", 8))}
    for different in (149, 150, 151, 152):  # different texts among 300
        yield 300, 300, {"t": (rule("text", different), rule("text", different)), "c": shifted(3, "text", by=0)}
    for moved, of in ((1, 4), (2, 4), (3, 4), (10, 21), (11, 21)):  # drifted columns
        yield 500, 400, {f"n{i}": shifted(60, by=30 if i < moved else 0) for i in range(of)}


def main():
    warnings.simplefilter("ignore")
    cases = []
    for reference, current, columns in tables():
        sides = [pd.DataFrame({name: column(rules[i], rows) for name, rules in columns.items()})
                 for i, rows in enumerate((reference, current))]
        cases.append({"reference": reference, "current": current, "columns": columns,
                      "expected": verdicts(*sides)})
    FIXTURE.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
