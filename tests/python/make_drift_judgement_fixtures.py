"""Writes tests/drift/fixtures/judgement.json: what SciPy says of many p-values, of ties and of ranges.

    .venv/bin/python tests/python/make_drift_judgement_fixtures.py
"""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import stats

FIXTURE = Path(__file__).parents[1] / "drift" / "fixtures" / "judgement.json"
rng = np.random.default_rng(16)


def discoveries():
    """p-values and which of them Benjamini and Hochberg's procedure discovers at a rate."""
    cases = []
    for size in (1, 2, 3, 5, 10, 30, 80):
        for power in (1, 2, 4):
            for rate in (0.01, 0.05, 0.2):
                p = np.round(rng.random(size) ** power, 6)
                adjusted = stats.false_discovery_control(p, method="bh")
                cases.append({"p": p.tolist(), "rate": rate, "found": (adjusted <= rate).tolist()})
    # A small p-value that carries larger ones, and one exactly at its bound.
    for p in ([0.01, 0.02, 0.03, 0.04, 0.05], [0.04, 0.04, 0.04], [0.03, 0.9, 0.9], [0.025, 0.8]):
        adjusted = stats.false_discovery_control(p, method="bh")
        cases.append({"p": p, "rate": 0.05, "found": (adjusted <= 0.05).tolist()})
    return cases


def ks(a, b):
    return stats.ks_2samp(a, b, method="asymp").statistic


def ties():
    """The exact permutation distribution of the KS distance of small samples with ties."""
    cases = []
    for n, m, values in ((4, 4, 3), (5, 7, 3), (6, 6, 4), (3, 9, 5), (7, 7, 2), (8, 4, 6)):
        for _ in range(4):
            a, b = rng.integers(0, values, n), rng.integers(0, values, m) + rng.integers(0, 2)
            pooled, found = np.concatenate([a, b]), ks(a, b)
            extreme = total = 0
            for chosen in combinations(range(n + m), n):
                mask = np.zeros(n + m, bool)
                mask[list(chosen)] = True
                total += 1
                extreme += ks(pooled[mask], pooled[~mask]) >= found - 1e-12
            cases.append({"reference": a.tolist(), "current": b.tolist(), "p": extreme / total})
    return cases


def large_ties():
    """Large samples, by simulation: the distance of 40,000 pairs of samples of a few values."""
    cases = []
    for n, m, shares, distance in (
        (3000, 3000, [0.2] * 5, 0.032),
        (20000, 1500, [0.5, 0.3, 0.15, 0.05], 0.028),
        (5000, 5000, [1 / 12] * 12, 0.026),
    ):
        a = rng.multinomial(n, shares, 40000).cumsum(1) / n
        b = rng.multinomial(m, shares, 40000).cumsum(1) / m
        p = float((np.abs(a - b).max(1) >= distance).mean())
        cases.append({"n": n, "m": m, "shares": shares, "distance": distance, "p": p})
    return cases


def ranges():
    """How many of m values lie outside the range of n: beta-binomial with parameters 2 and n - 1."""
    cases = []
    for n, m in ((2, 2), (2, 10), (10, 5), (100, 100), (5000, 100), (10000, 10000), (100, 5000)):
        for outside in (1, 2, 5, m // 20, m):
            if 0 < outside <= m:
                p = float(stats.betabinom(m, 2, n - 1).sf(outside - 1))
                cases.append({"n": n, "m": m, "outside": outside, "p": p})
    return cases


if __name__ == "__main__":
    found = {"discoveries": discoveries(), "ties": ties(), "large_ties": large_ties(), "ranges": ranges()}
    FIXTURE.write_text(json.dumps(found, separators=(",", ":")) + "\n")
