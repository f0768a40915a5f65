"""Writes tests/base/fixtures/base.json: quantiles by NumPy, and the random generator written
down a second time (sfc32 of PractRand, seeded through the finaliser of MurmurHash3)."""

import json
from pathlib import Path

import numpy as np

FIXTURE = Path(__file__).parents[1] / "base" / "fixtures" / "base.json"
MASK = 0xFFFFFFFF


def mix(h):
    h &= MASK
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def sfc32(seed, stream, count):
    a = mix(seed)
    b = mix((seed ^ 0x9E3779B9) + stream * 0x85EBCA6B)
    c = mix(stream + 0x6D2B79F5)
    counter = 1
    drawn = []
    for _ in range(12 + count):
        total = (a + b + counter) & MASK
        counter = (counter + 1) & MASK
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & MASK
        c = (((c << 21) | (c >> 11)) + total) & MASK
        drawn.append(total)
    return drawn[12:]


def main():
    random = np.random.default_rng(42)
    quantiles = []
    for values in (random.normal(size=101), random.integers(0, 5, 40), [3.5], [1, 2]):
        q = [0, 0.01, 0.25, 1 / 3, 0.5, 0.75, 0.99, 1]
        quantiles.append({
            "values": np.asarray(values).tolist(),
            "q": q,
            "expected": np.quantile(values, q).tolist(),
        })
    streams = [
        {"seed": seed, "stream": stream, "expected": sfc32(seed, stream, 8)}
        for seed, stream in [(42, 0), (42, 1), (0, 0), (4294967295, 7), (123456789, 99)]
    ]
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps({"quantiles": quantiles, "streams": streams}, indent=2) + "\n")


if __name__ == "__main__":
    main()
