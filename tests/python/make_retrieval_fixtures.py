"""Writes tests/metrics/fixtures/ranked_retrieval.json: measures of trec_eval on made-up rankings.

In an environment with tests/python/requirements-retrieval.txt:

    python tests/python/make_retrieval_fixtures.py
"""

import json
import random
from pathlib import Path

import pytrec_eval

draw = random.Random(5)
cases = []
for number in range(40):
    names = [f"d{i}" for i in range(draw.randint(1, 30))]
    gains = {f"d{i}": draw.choice([1, 1, 2, 3]) for i in draw.sample(range(35), draw.randint(1, 6))}
    ranked = draw.sample(names, len(names))
    run = {name: float(len(ranked) - place) for place, name in enumerate(ranked)}
    measures = {"recall.1,5,10", "recip_rank", "ndcg_cut.1,5,10"}
    found = pytrec_eval.RelevanceEvaluator({"q": gains}, measures).evaluate({"q": run})["q"]
    cases.append(
        {
            "ranked": ranked,
            "gains": gains,
            "measures": {name: round(value, 12) for name, value in sorted(found.items())},
        }
    )

path = Path("tests/metrics/fixtures/ranked_retrieval.json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
