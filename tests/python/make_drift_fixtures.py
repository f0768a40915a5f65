"""Writes tests/drift/fixtures/statistics.json: small samples compared by SciPy and Evidently.

Evidently does not run with pandas 3: install tests/python/requirements-evidently.txt in an
environment of its own and run this script with its Python."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import (
    anderson_darling_test,
    chi_stat_test,
    energy_dist_test,
    hellinger_stat_test,
    jensenshannon_stat_test,
    kl_div_stat_test,
    ks_stat_test,
    psi_stat_test,
    wasserstein_stat_test,
    z_stat_test,
)
from evidently.legacy.core import ColumnType
from scipy import stats

FIXTURE = Path(__file__).parents[1] / "drift" / "fixtures" / "statistics.json"


def score(test, reference, current, kind):
    return float(test(pd.Series(reference), pd.Series(current), ColumnType(kind), None).drift_score)


def numbers_case(name, reference, current):
    reference, current = np.asarray(reference, float), np.asarray(current, float)
    distance, p_value = stats.ks_2samp(reference, current)
    expected = {
        "ks_distance": distance,
        "ks_scipy": p_value,
        "ks": score(ks_stat_test, reference, current, "num"),
        "wasserstein": score(wasserstein_stat_test, reference, current, "num"),
        "ed": score(energy_dist_test, reference, current, "num"),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if len(np.unique(np.concatenate([reference, current]))) > 1:
            expected["anderson"] = score(anderson_darling_test, reference, current, "num")
            expected["anderson_statistic"] = stats.anderson_ksamp([reference, current]).statistic
    # Counts in the bins that Evidently uses for numbers, and what it makes of them.
    bins = None
    if len(np.unique(reference)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        bins = {
            "reference": np.histogram(reference, edges)[0].tolist(),
            "current": np.histogram(current, edges)[0].tolist(),
            "expected": {
                "psi": score(psi_stat_test, reference, current, "num"),
                "kl_div": score(kl_div_stat_test, reference, current, "num"),
                "jensenshannon": score(jensenshannon_stat_test, reference, current, "num"),
            },
        }
    return {
        "name": name,
        "reference": reference.tolist(),
        "current": current.tolist(),
        "expected": expected,
        "bins": bins,
    }


def counts_case(name, reference, current):
    names = [f"c{i}" for i in range(len(reference))]
    of = lambda counts: np.repeat(names, counts).astype(object)
    r, c = of(reference), of(current)
    table = np.array([reference, current])
    table = table[:, table.sum(axis=0) > 0]
    expected = {
        "psi": score(psi_stat_test, r, c, "cat"),
        "kl_div": score(kl_div_stat_test, r, c, "cat"),
        "jensenshannon": score(jensenshannon_stat_test, r, c, "cat"),
        "hellinger": score(hellinger_stat_test, r, c, "cat"),
        "chisquare": score(chi_stat_test, r, c, "cat"),
        "chi_square_contingency": stats.chi2_contingency(table, correction=False).pvalue,
    }
    if len(reference) == 2:
        expected["z"] = score(z_stat_test, r, c, "cat")
        expected["missing_rate"] = expected["fisher_exact"] = stats.fisher_exact(table).pvalue
    return {"name": name, "reference": reference, "current": current, "expected": expected}


def main():
    rng = np.random.default_rng(7)
    normal = lambda shift, rows, digits=3: np.round(rng.normal(shift, 1, rows), digits)
    numbers = [
        numbers_case("equal sizes", normal(0, 40), normal(0.3, 40)),
        numbers_case("unequal sizes", normal(0, 60), normal(0.2, 37)),
        numbers_case("sizes with a common divisor", normal(0, 60), normal(0.5, 90)),
        numbers_case("one against many", normal(0, 1), normal(0, 25)),
        numbers_case("two against two", [1.0, 2.0], [2.0, 3.0]),
        numbers_case("ties", rng.integers(0, 5, 80), rng.integers(0, 6, 50)),
        numbers_case("far apart", normal(0, 50), normal(9, 50)),
        numbers_case("heavy tails", np.round(rng.standard_cauchy(90), 3), normal(0, 70)),
        numbers_case("constant reference", np.ones(20), normal(1, 15)),
        numbers_case("the same constant", np.ones(20), np.ones(12)),
        numbers_case("the same sample", normal(0, 30), normal(0, 30)),
    ]
    # Tails of the distance alone: no rows are needed for sizes at which SciPy changes its method.
    tails = []
    for n, m in [(1, 5), (7, 7), (50, 80), (1000, 1000), (999, 1000), (1000, 3001), (500, 9999),
                 (3, 20000), (100, 20000), (200, 20000), (1000, 20000), (1000, 100000),
                 (50000, 20000), (100000, 100000), (1000000, 700000)]:
        for z in (0.3, 0.5, 0.7, 0.9, 1.2, 1.48, 1.7, 2.1, 3.0):
            distance = min(1.0, z / np.sqrt(n * m / (n + m)))
            if max(n, m) <= 10000:
                # A distance that occurs: a whole number of steps of 1 / lcm.
                lcm = np.lcm(n, m)
                distance = max(1, round(distance * lcm)) / lcm
                _, _, p_value = stats._stats_py._attempt_exact_2kssamp(
                    n, m, int(np.gcd(n, m)), distance, "two-sided"
                )
            else:
                p_value = stats.kstwo.sf(distance, np.round(n * m / (n + m)))
            p_value = float(np.clip(p_value, 0, 1))
            tails.append({"n": n, "m": m, "distance": float(distance), "pValue": p_value})
    counts = [
        counts_case("two categories", [30, 70], [45, 55]),
        counts_case("two small ones", [8, 2], [1, 5]),
        counts_case("the same shares", [30, 70], [60, 140]),
        counts_case("five categories", [50, 40, 30, 20, 10], [45, 50, 20, 25, 12]),
        counts_case("one vanished", [50, 40, 10], [55, 45, 0]),
        counts_case("one is new", [50, 50, 0], [40, 45, 15]),
        counts_case("a rare one", [20000, 1, 0], [15000, 0, 1]),
        counts_case("many", rng.integers(5, 90, 30).tolist(), rng.integers(5, 90, 30).tolist()),
    ]
    cases = {"numbers": numbers, "tails": tails, "counts": counts}
    FIXTURE.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
